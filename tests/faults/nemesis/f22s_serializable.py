"""As F22 in a database that is set to undo whatever it cannot put in an order (40001), with load:
the service asks for its own way, which is to wait."""

from tests.faults.nemesis.f22_opposite_order import holds, inject
from tests.faults.plan import Plan
from tests.faults.reading import POSTGRES

__all__ = ["holds", "inject"]

NAME = "F22S"
WHAT = "the same in a database that is set to SERIALIZABLE, and others sending meanwhile"
DATABASES = (POSTGRES,)
PLAN = Plan(serializable=True)
TIMES = (4, 125)
LOAD = 20
