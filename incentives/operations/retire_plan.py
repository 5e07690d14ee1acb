"""Retire a plan: from a day on nobody earns by it, and nobody is put on it. Its lines stay."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import NotFound, Refused
from incentives.operations.far_days import refuse_far
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.markers import mark_stale
from incentives.store.plans import Assignment, StoredPlan, assignments_of_plan
from incentives.store.transaction import writing


def retire_plan(slug: str, *, end_day: date, by: int | None, now: datetime) -> int:
    """End every assignment to a plan on `end_day`, the first day without it, and retire the plan.

    Returns how many assignments it ended. Raises NotFound, and Refused where somebody begins on
    the plan on that day or later.
    """
    refuse_far("end_day", end_day)
    with writing() as session:
        plan = locked_plan(session, slug)
        going_on = [
            assignment
            for assignment in assignments_of_plan(plan.id)
            if assignment.end_day is None or assignment.end_day > end_day
        ]
        _refuse_later_ones(going_on, end_day)
        for assignment in going_on:
            assignment.end_day = end_day
        plan.retired_at = now
        after = {"end": end_day.isoformat(), "ended": [each.payee.name for each in going_on]}
        record(session, "plan retired", slug, by=by, now=now, after=after)
        mark_stale(session, [assignment.payee_id for assignment in going_on], now)
        ended = len(going_on)
    ask_for_refresh()
    return ended


def restore_plan(slug: str, *, by: int | None, now: datetime) -> None:
    """Bring a retired plan back. Who was on it stays off it until put on it anew."""
    with writing() as session:
        plan = locked_plan(session, slug)
        plan.retired_at = None
        record(session, "plan restored", slug, by=by, now=now)


def locked_plan(session: Session, slug: str) -> StoredPlan:
    """The plan, kept from every other change of it, and of who is on it, until the transaction
    ends. Lines that name it are posted meanwhile."""
    query = select(StoredPlan).where(StoredPlan.slug == slug).with_for_update(key_share=True)
    plan = session.scalars(query.execution_options(populate_existing=True)).first()
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def refuse_retired(plan: StoredPlan) -> None:
    """Refuse what is not done to a retired plan."""
    if plan.retired_at is not None:
        raise Refused("plan_retired", f"{plan.name} is retired. Bring it back first.")


def _refuse_later_ones(going_on: list[Assignment], end_day: date) -> None:
    later = next((each for each in going_on if each.first_day >= end_day), None)
    if later is not None:
        first = f"{later.first_day:%Y-%m-%d}"
        raise Refused(
            "assignment_begins_later",
            f"{later.payee.name} begins on the plan on {first}. Write a later day, or change that.",
        )
