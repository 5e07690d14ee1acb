"""Who is on a plan: put on it from a day on, and the days changed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import Invalid, NotFound
from incentives.operations.far_days import refuse_far
from incentives.operations.mark_behind import mark_behind
from incentives.operations.retire_plan import locked_plan, refuse_retired
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.people import Person
from incentives.store.plans import Assignment, assignments_of_plan
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
    refuse_far("first_day", first_day, or_always=True)
    with writing() as session:
        plan = locked_plan(session, slug)
        refuse_retired(plan)
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
            mark_behind(session, [payee.id for payee in new], now)
        names = [payee.name for payee in new]
    ask_for_refresh()
    return names


def change_assignment(
    slug: str,
    assignment_id: int,
    *,
    first_day: date,
    end_day: date | None,
    by: int | None,
    now: datetime,
) -> None:
    """Let a payee be on a plan over days [first_day, end_day), without end where that is None.

    What was earned on days that remain stays; for those that no longer do, the ledger takes it
    back, and for new ones it posts what is earned. Raises NotFound, and Invalid naming the field.
    """
    with writing() as session:
        plan = locked_plan(session, slug)
        assignment = session.get(Assignment, assignment_id)
        if assignment is None or assignment.plan_id != plan.id:
            raise NotFound("There is no such assignment.")
        _refuse_days(assignment, first_day, end_day)
        before = _days(assignment)
        assignment.first_day, assignment.end_day = first_day, end_day
        after = _days(assignment)
        if before != after:
            subject = f"{slug}, {assignment.payee.name}"
            record(
                session, "assignment changed", subject, by=by, now=now, before=before, after=after
            )
            mark_behind(session, [assignment.payee_id], now)
    ask_for_refresh()


def _refuse_days(assignment: Assignment, first_day: date, end_day: date | None) -> None:
    refuse_far("first_day", first_day, or_always=True)
    refuse_far("end_day", end_day)
    if end_day is not None and end_day <= first_day:
        _refuse("end_day", f"Write a day after {first_day:%Y-%m-%d}, the first day on the plan.")
    for other in assignments_of_plan(assignment.plan_id):
        if other.id == assignment.id or other.payee_id != assignment.payee_id:
            continue
        if (end_day is None or other.first_day < end_day) and (
            other.end_day is None or first_day < other.end_day
        ):
            sentence = f"{other.payee.name} is on the plan from {other.first_day:%Y-%m-%d} as well."
            _refuse("first_day", f"{sentence} Write days that do not meet.")


def _refuse(name: str, sentence: str) -> None:
    raise Invalid("assignment", sentence, fields={name: [sentence]})


def _days(assignment: Assignment) -> dict[str, str | None]:
    end_day = assignment.end_day
    return {
        "from": assignment.first_day.isoformat(),
        "until": end_day.isoformat() if end_day else None,
    }


def _payees(session: Session, payee_ids: set[int]) -> list[Person]:
    query = select(Person).where(Person.id.in_(payee_ids), Person.is_payee).order_by(Person.name)
    return list(session.scalars(query))
