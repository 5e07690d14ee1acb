"""What gave points, as people read it: the component with its rule, and the plan's version."""

from dataclasses import dataclass

from incentives.core.describe import describe_component
from incentives.extensions import db
from incentives.store.ledger import all_plan_components
from incentives.store.plans import version_labels, versions_by_plan
from incentives.store.points_lines import PointsEarned


@dataclass(frozen=True, slots=True)
class PointsGiven:
    """`rule` is the component in plain words and `plan` its version, such as Field Sales v3; both
    are '' where no plan gave the points."""

    component: str
    rule: str
    plan: str
    points: int


class Givers:
    """The components of all plan versions, looked up once for many lines."""

    def __init__(self) -> None:
        self._labels = version_labels()
        self._versions = {
            version.id: version for each in versions_by_plan().values() for version in each
        }
        self._keys = {
            component_id: key
            for (_, key), component_id in all_plan_components(db.session()).items()
        }
        self._rules: dict[tuple[int, int], str] = {}

    def of(self, earned: PointsEarned) -> PointsGiven:
        version_id, component_id = earned.plan_version_id or 0, earned.component_id
        if (version_id, component_id) not in self._rules:
            self._rules[version_id, component_id] = self._rule(version_id, component_id)
        return PointsGiven(
            component=earned.component,
            rule=self._rules[version_id, component_id],
            plan=self._labels.get(version_id, ""),
            points=earned.points,
        )

    def _rule(self, version_id: int, component_id: int) -> str:
        version, key = self._versions.get(version_id), self._keys.get(component_id)
        found = version.plan.components if version else ()
        for component in found:
            if version and component.key == key:
                return describe_component(component, version.plan.currency, pays=version.plan.pays)
        return ""
