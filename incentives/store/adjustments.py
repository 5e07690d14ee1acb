"""What finance added to pay or took off it by hand, as the ledger has it.

An adjustment is one posted line. Its terms say who, when, why and, where it takes back an earlier
one, which; its number counts the payee's adjustments.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incentives.core.results import ADJUSTED, MONEY
from incentives.extensions import db
from incentives.store.companies import Company
from incentives.store.ledger import EarningComponent, PostedLine

KEY, NAME = "adjustment", "Adjustment"


class Adjusted(NamedTuple):
    """Minor units adjusted in pay that is paid with a plan, and with none."""

    with_plans: int = 0
    with_none: int = 0

    @property
    def in_all(self) -> int:
        return self.with_plans + self.with_none


NOTHING = Adjusted()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A posted adjustment: `amount_minor` of `currency` in pay period `period`, about the period
    `about` where it names one. `takes_back` is the number of the one it takes back."""

    payee_id: int
    number: int
    component_id: int
    period: str
    about: str | None
    amount_minor: int
    currency: str
    reason: str
    by: str
    at: datetime
    takes_back: int | None


def adjusting_component(session: Session, plan_id: int | None, currency: str) -> EarningComponent:
    """What adjustments are earned by that are paid with a plan, or with none in this currency. It
    is made where there is none; nobody else makes one until the transaction ends."""
    session.scalars(select(Company).with_for_update()).one()
    query = select(EarningComponent).where(
        EarningComponent.key == KEY,
        EarningComponent.plan_id.is_(None),
        EarningComponent.contest_id.is_(None),
        EarningComponent.adjusts_plan_id == plan_id,
        EarningComponent.currency == currency,
    )
    found = session.scalars(query).first()
    if found is None:
        found = EarningComponent(
            adjusts_plan_id=plan_id, key=KEY, name=NAME, yields=MONEY, currency=currency
        )
        session.add(found)
        session.flush()
    return found


def adjustments_of(payee_id: int) -> list[Adjustment]:
    """All adjustments of a payee, in order."""
    return [_read(line) for line in db.session.scalars(_lines().where(_of(payee_id)))]


def adjustments_in(
    periods: Collection[str], payee_ids: Collection[int] | None = None
) -> list[Adjustment]:
    """Those posted in some pay periods, the newest first."""
    query = _lines().where(PostedLine.period.in_(periods))
    if payee_ids is not None:
        query = query.where(PostedLine.payee_id.in_(payee_ids))
    found = [_read(line) for line in db.session.scalars(query)]
    return sorted(found, key=lambda each: (each.at, each.payee_id, each.number), reverse=True)


def adjusted_in(
    periods: Collection[str], payee_ids: Collection[int] | None = None
) -> dict[tuple[int, str], Adjusted]:
    """What was adjusted in some pay periods, by payee and currency."""
    query = (
        select(
            PostedLine.payee_id,
            EarningComponent.currency,
            EarningComponent.adjusts_plan_id,
            func.sum(PostedLine.amount).label("amount"),
        )
        .join(EarningComponent, EarningComponent.id == PostedLine.component_id)
        .where(PostedLine.period.in_(periods), PostedLine.component_id.in_(_components()))
        .group_by(PostedLine.payee_id, EarningComponent.currency, EarningComponent.adjusts_plan_id)
    )
    if payee_ids is not None:
        query = query.where(PostedLine.payee_id.in_(payee_ids))
    found: dict[tuple[int, str], Adjusted] = {}
    for row in db.session.execute(query):
        key, amount = (row.payee_id, row.currency or ""), int(row.amount)
        before = found.get(key, NOTHING)
        of_plan = row.adjusts_plan_id is not None
        found[key] = Adjusted(
            before.with_plans + (amount if of_plan else 0),
            before.with_none + (0 if of_plan else amount),
        )
    return found


def _components() -> Any:
    return select(EarningComponent.id).where(
        EarningComponent.plan_id.is_(None), EarningComponent.contest_id.is_(None)
    )


def _lines() -> Any:
    query = select(PostedLine).where(PostedLine.component_id.in_(_components()))
    return query.order_by(PostedLine.payee_id, PostedLine.sequence)


def _of(payee_id: int) -> Any:
    return PostedLine.payee_id == payee_id


def _read(line: PostedLine) -> Adjustment:
    said = line.working.notes
    return Adjustment(
        payee_id=line.payee_id,
        number=int(line.aspect.removeprefix(f"{ADJUSTED}-")),
        component_id=line.component_id,
        period=line.period,
        about=said.get("about"),
        amount_minor=line.amount,
        currency=line.currency or "",
        reason=said["reason"],
        by=said["by"],
        at=datetime.fromisoformat(said["at"]),
        takes_back=said.get("takes_back"),
    )
