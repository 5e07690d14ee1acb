"""Put a plan document in force from a day on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.describe import plan_hash
from incentives.core.pay_periods import MONTH
from incentives.core.plans import Plan
from incentives.errors import Refused
from incentives.operations.change_people import code_for
from incentives.operations.check_plan import checked_plan
from incentives.operations.far_days import refuse_far
from incentives.operations.mark_behind import mark_behind
from incentives.operations.retire_plan import refuse_retired
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.ledger import EarningComponent, plan_components
from incentives.store.locks import anything_is_locked, keep_periods_as_they_are
from incentives.store.markers import mark_stale
from incentives.store.plans import Assignment, StoredPlan, StoredPlanVersion, assignments_of_plan
from incentives.store.transaction import writing


def publish_plan_version(
    document: Mapping[str, Any],
    *,
    first_day: date,
    slug: str | None = None,
    note: str = "",
    by: int | None,
    now: datetime,
    via: str | None = None,
) -> tuple[str, int]:
    """Publish a document as a new plan, or as the next version of the plan called `slug`.

    Everybody on the plan is calculated anew. Returns the plan's slug and the version's number.
    Raises Invalid naming each field, or Refused where the versions in force do not allow it.
    """
    plan = checked_plan(document)
    refuse_far("first_day", first_day, or_always=True)
    with writing() as session:
        keep_periods_as_they_are(session)
        stored = _plan(session, slug, plan)
        number = len(stored.versions) + 1
        _refuse_conflicts(stored, plan, first_day)
        version = StoredPlanVersion(
            plan_id=stored.id,
            number=number,
            first_day=first_day,
            document=dict(document),
            document_hash=plan_hash(document),
            note=note[:400],
            published_at=now,
            published_by=by,
        )
        session.add(version)
        stored.name = plan.name
        _make_components(session, stored.id, plan)
        after = {"version": number, "from": first_day.isoformat(), "hash": version.document_hash}
        action = "plan version published"
        record(session, action, stored.slug, by=by, now=now, after=after, via=via)
        payees = {assignment.payee_id for assignment in assignments_of_plan(stored.id)}
        mark_stale(session, payees, now)
        result = stored.slug, number
    ask_for_refresh()
    return result


def _plan(session: Session, slug: str | None, plan: Plan) -> StoredPlan:
    wanted = slug or code_for(plan.name)
    query = select(StoredPlan).where(StoredPlan.slug == wanted).with_for_update(key_share=True)
    stored = session.scalars(query.execution_options(populate_existing=True)).first()
    if slug is None and stored is not None:
        raise Refused("plan_exists", f"There is a plan called {plan.name} already.")
    if slug is not None and stored is None:
        raise Refused("no_such_plan", f"There is no plan called {slug}.")
    if stored is None:
        stored = StoredPlan(slug=wanted, name=plan.name)
        session.add(stored)
        session.flush()
    return stored


def _refuse_conflicts(stored: StoredPlan, plan: Plan, first_day: date) -> None:
    refuse_retired(stored)
    for version in stored.versions:
        if version.document["currency"] != plan.currency:
            raise Refused("currency_changed", "A plan keeps its currency. Make a new plan instead.")
        if version.document.get("pays", MONTH) != plan.pays and anything_is_locked():
            raise Refused(
                "pay_period_changed",
                "Pay is locked, so a plan keeps its pay period. Make a new plan instead.",
            )
        before = {c["key"]: c["yields"] for c in version.document["components"]}
        for component in plan.components:
            if before.get(component.key, component.yields) != component.yields:
                raise Refused(
                    "yield_changed",
                    f"{component.name} gave {before[component.key]}. Give the new one another key.",
                )
    if stored.versions and first_day < stored.versions[-1].first_day:
        raise Refused(
            "starts_too_early",
            f"Version {stored.versions[-1].number} starts on {stored.versions[-1].first_day}. "
            "A new version cannot start before it.",
        )


def _make_components(session: Session, plan_id: int, plan: Plan) -> None:
    known = plan_components(session, [plan_id])
    for component in plan.components:
        if (plan_id, component.key) not in known:
            session.add(
                EarningComponent(
                    plan_id=plan_id,
                    key=component.key,
                    name=component.name,
                    yields=component.yields,
                    currency=plan.currency_of(component),
                )
            )
    session.flush()


def assign_to_plan(
    session: Session,
    plan: StoredPlan,
    payee_ids: list[int],
    *,
    first_day: date,
    by: int | None,
    now: datetime,
) -> None:
    """Put payees on a plan from a day on; who is on it already stays as they are."""
    assigned = {assignment.payee_id for assignment in assignments_of_plan(plan.id)}
    new = [payee_id for payee_id in payee_ids if payee_id not in assigned]
    session.add_all(
        Assignment(payee_id=payee_id, plan_id=plan.id, first_day=first_day) for payee_id in new
    )
    after = {"payees": new, "from": first_day.isoformat()}
    record(session, "plan assigned", plan.slug, by=by, now=now, after=after)
    mark_behind(session, new, now)
