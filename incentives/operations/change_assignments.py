"""Who is on a plan: put on it from a day on, taken off it from a day on."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import Invalid, NotFound
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.markers import mark_stale
from incentives.store.people import Person
from incentives.store.plans import Assignment, StoredPlan, assignments_of_plan, plan_by_slug
from incentives.store.transaction import writing


def assign_payees(
    slug: str, payee_ids: Sequence[int], *, first_day: date, by: int | None, now: datetime
) -> list[str]:
    """Put payees on a plan from a day on. Who is on it then, or later, stays as they are.

    Returns the names of those who are new on it.
    """
    if not payee_ids:
        raise Invalid(
            "assignment", "Nobody was assigned.", fields={"payees": ["Choose at least one payee."]}
        )
    with writing() as session:
        plan = _plan(slug)
        taken = {
            assignment.payee_id
            for assignment in assignments_of_plan(plan.id)
            if assignment.end_day is None or assignment.end_day > first_day
        }
        new = _payees(session, set(payee_ids) - taken)
        session.add_all(
            Assignment(payee_id=payee.id, plan_id=plan.id, first_day=first_day) for payee in new
        )
        if new:
            after = {"payees": [payee.name for payee in new], "from": first_day.isoformat()}
            record(session, "plan assigned", slug, by=by, now=now, after=after)
            mark_stale(session, [payee.id for payee in new], now)
        names = [payee.name for payee in new]
    ask_for_refresh()
    return names


def end_assignment(
    slug: str, assignment_id: int, *, end_day: date, by: int | None, now: datetime
) -> None:
    """Take a payee off a plan: from `end_day` on nothing is earned by it. What was earned before
    stays; where it was earned on or after that day, the ledger takes it back."""
    with writing() as session:
        plan = _plan(slug)
        assignment = session.get(Assignment, assignment_id)
        if assignment is None or assignment.plan_id != plan.id:
            raise NotFound("There is no such assignment.")
        if end_day <= assignment.first_day:
            first = f"{assignment.first_day:%Y-%m-%d}"
            sentence = f"Write a day after {first}, the first day on the plan."
            raise Invalid("assignment", sentence, fields={"end_day": [sentence]})
        before = assignment.end_day.isoformat() if assignment.end_day else None
        assignment.end_day = end_day
        subject = f"{slug}, {assignment.payee.name}"
        after = end_day.isoformat()
        record(session, "plan ended", subject, by=by, now=now, before=before, after=after)
        mark_stale(session, [assignment.payee_id], now)
    ask_for_refresh()


def _plan(slug: str) -> StoredPlan:
    plan = plan_by_slug(slug)
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def _payees(session: Session, payee_ids: set[int]) -> list[Person]:
    query = select(Person).where(Person.id.in_(payee_ids), Person.is_payee).order_by(Person.name)
    return list(session.scalars(query))
