"""As F22 where the database undoes whatever it cannot put in an order (40001), with load."""

from tests.faults.nemesis.f22_opposite_order import holds, inject
from tests.faults.plan import Plan
from tests.faults.reading import POSTGRES

__all__ = ["holds", "inject"]

NAME = "F22S"
WHAT = "the same with every transaction SERIALIZABLE, and others sending meanwhile"
DATABASES = (POSTGRES,)
PLAN = Plan(serializable=True)
TIMES = (4, 125)
LOAD = 20
