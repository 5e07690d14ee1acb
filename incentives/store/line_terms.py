"""What many lines have in common, stored once and named by a hash of what it says."""

import hashlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from incentives.store.base import to_json
from incentives.store.driver import Driver


class TermsSaid(NamedTuple):
    """Terms as they are stored; `content` is canonical JSON."""

    component_id: int
    plan_version_id: int | None
    content: str

    @property
    def hash(self) -> str:
        """By which terms are told apart: the same content is the same terms."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


def terms_called(session: Session, name: str) -> TermsSaid:
    """The stored terms with a hash."""
    rows = Driver(session).rows(
        "SELECT component_id, plan_version_id, content FROM line_terms WHERE hash = ?", name
    )
    return TermsSaid(*rows[0])


def terms_ids(
    driver: Driver, names: Collection[str], said: Mapping[str, TermsSaid]
) -> dict[str, int]:
    """The ids of terms by their hashes; those that are new are added, as they are said."""
    found = _stored(driver, names)
    new = sorted(set(names) - found.keys())
    if new:
        driver.run_many(
            "INSERT INTO line_terms (component_id, plan_version_id, content, hash) "
            "VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            [(*said[name], name) for name in new],
        )
        found.update(_stored(driver, new))
    return found


def _stored(driver: Driver, names: Collection[str]) -> dict[str, int]:
    return dict(
        driver.rows_in_parts("SELECT hash, id FROM line_terms WHERE hash IN :ids", ids=names)
    )
