"""Contests: set up, amended while they run, cancelled; each with its audit entry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.measures import KPIS
from incentives.core.money import from_minor
from incentives.errors import Invalid, NotFound, Refused
from incentives.live.announce import announce
from incentives.operations.change_people import code_for
from incentives.operations.contest_rules import ContestRules, problems_of
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.contests import (
    CANCELLED,
    FINAL,
    LIVE,
    UPCOMING,
    Contest,
    ContestAmendment,
    ContestPrize,
)
from incentives.store.teams import Team
from incentives.store.transaction import writing

NOT_SAVED = "The contest was not saved. Look at the marked fields."


def create_contest(rules: ContestRules, *, by: int | None, now: datetime) -> str:
    """Set up a contest. Returns its slug. Raises Invalid naming each field.

    It may have begun already: what occurred inside the window counts from the start.
    """
    _check(rules)
    with writing() as session:
        _refuse_a_name_twice(session, rules.name, besides=None)
        contest = Contest(slug=_free_slug(session, rules.name), created_at=now, created_by=by)
        _write(session, contest, rules)
        session.add(contest)
        record(session, "contest created", contest.slug, by=by, now=now, after=_audited(contest))
        slug = contest.slug
    announce()
    return slug


def amend_contest(
    slug: str, rules: ContestRules, *, note: str, by: int | None, now: datetime
) -> None:
    """Change the rules. Once a contest runs that takes a note, which every entrant is shown.

    The start of a contest that has begun stays, and an ended one keeps its rules (semantics 35).
    """
    _check(rules)
    with writing() as session:
        contest = locked_contest(session, slug)
        state = contest.state_at(now)
        _refuse_after_the_end(state)
        _refuse_a_name_twice(session, rules.name, besides=contest.id)
        before = _audited(contest)
        runs = state == LIVE
        if runs:
            _check_amendment(contest, rules, note, now)
        _write(session, contest, rules)
        session.flush()
        changes = _changes(before, _audited(contest))
        if not changes:
            return
        if runs:
            contest.amendments.append(_amendment(contest, note, changes, by, now))
        after = {**_audited(contest), "note": note.strip()}
        record(session, "contest amended", slug, by=by, now=now, before=before, after=after)
    announce()


def cancel_contest(slug: str, *, by: int | None, now: datetime) -> None:
    """Call a contest off. Nothing is deleted; prizes posted so far are taken back when it is
    settled next. A final result stays as it is."""
    with writing() as session:
        contest = locked_contest(session, slug)
        state = contest.state_at(now)
        if state == CANCELLED:
            return
        if state == FINAL:
            raise Refused("contest_is_final", "The result is final, so it cannot be cancelled.")
        contest.cancelled_at = now
        record(session, "contest cancelled", slug, by=by, now=now, before=state, after=CANCELLED)
    announce()


def locked_contest(session: Session, slug: str) -> Contest:
    """The contest, kept from every other change until the transaction ends."""
    query = select(Contest).where(Contest.slug == slug).with_for_update(of=Contest)
    contest = session.scalars(query.execution_options(populate_existing=True)).first()
    if contest is None:
        raise NotFound("There is no such contest.")
    return contest


def _check(rules: ContestRules) -> None:
    problems = problems_of(rules)
    if problems:
        raise Invalid("contest", NOT_SAVED, fields=problems)


def _refuse_a_name_twice(session: Session, name: str, *, besides: int | None) -> None:
    wanted = " ".join(name.split()).casefold()
    named = session.execute(select(Contest.id, Contest.name))
    if any(row.name.casefold() == wanted and row.id != besides for row in named):
        sentence = "There is a contest of this name already. Write another, such as with the month."
        raise Invalid("contest", NOT_SAVED, fields={"name": [sentence]})


def _refuse_after_the_end(state: str) -> None:
    if state not in (UPCOMING, LIVE):
        raise Refused("contest_is_over", "The contest is over, so its rules stay as they were.")


def _check_amendment(contest: Contest, rules: ContestRules, note: str, now: datetime) -> None:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(note.strip()) <= 400:
        problems["note"] = ["Write why the rules change, in at most 400 characters."]
    if rules.starts_at != contest.starts_at:
        problems["starts_at"] = ["It has started already, so the start stays."]
    assert rules.ends_at is not None, "rules without an end never pass the check before this one"
    if rules.ends_at <= now:
        problems["ends_at"] = ["Write an end that is still to come, or cancel the contest."]
    if problems:
        raise Invalid("contest", NOT_SAVED, fields=problems)


def _free_slug(session: Session, name: str) -> str:
    wanted = code_for(name)[:70]
    taken = set(session.scalars(select(Contest.slug).where(Contest.slug.startswith(wanted))))
    if wanted not in taken and wanted not in ("new", "preview"):
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, 10_000) if f"{wanted}-{n}" not in taken)


def _write(session: Session, contest: Contest, rules: ContestRules) -> None:
    assert rules.starts_at is not None
    assert rules.ends_at is not None
    contest.name = " ".join(rules.name.split())
    contest.format, contest.kpi = rules.format, rules.kpi
    contest.starts_at, contest.ends_at = rules.starts_at, rules.ends_at
    contest.grace_hours, contest.reserve = rules.grace_hours, rules.reserve
    contest.teams = _teams(session, rules.team_ids)
    _write_prizes(contest, dict(rules.prizes or {}))


def _write_prizes(contest: Contest, wanted: dict[int, int]) -> None:
    currency = the_company().currency
    for prize in list(contest.prizes):
        if prize.place in wanted:
            prize.amount_minor = wanted.pop(prize.place)
        else:
            contest.prizes.remove(prize)
    for place, amount_minor in sorted(wanted.items()):
        prize = ContestPrize(place=place, amount_minor=amount_minor, currency=currency)
        contest.prizes.append(prize)


def _teams(session: Session, team_ids: Iterable[int]) -> list[Team]:
    wanted = set(team_ids)
    found = list(session.scalars(select(Team).where(Team.id.in_(wanted)).order_by(Team.name)))
    if len(found) < len(wanted):
        sentence = "One of the teams is not there any more. Choose again."
        raise Invalid("contest", NOT_SAVED, fields={"teams": [sentence]})
    return found


def _audited(contest: Contest) -> dict[str, Any]:
    return {
        "Name": contest.name,
        "KPI": KPIS[contest.kpi].label,
        "Starts": _in_words(contest.starts_at),
        "Ends": _in_words(contest.ends_at),
        "Teams": ", ".join(team.name for team in contest.teams) or "Everyone",
        "Prizes": "; ".join(_prize_in_words(p) for p in sorted(contest.prizes, key=_place))
        or "None",
        "Reserve score": "None" if contest.reserve is None else format(contest.reserve, "f"),
        "Grace": f"{contest.grace_hours} hours",
    }


def _place(prize: ContestPrize) -> int:
    return prize.place


def _prize_in_words(prize: ContestPrize) -> str:
    amount = from_minor(prize.amount_minor, prize.currency)
    return f"place {prize.place} wins {amount:,f} {prize.currency}"


def _in_words(instant: datetime) -> str:
    local = instant.astimezone(the_company().calendar.zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"rule": rule, "before": before[rule], "after": after[rule]}
        for rule in after
        if before[rule] != after[rule]
    ]


def _amendment(
    contest: Contest, note: str, changes: list[dict[str, str]], by: int | None, now: datetime
) -> ContestAmendment:
    return ContestAmendment(
        number=len(contest.amendments) + 1,
        note=note.strip(),
        changes=changes,
        amended_at=now,
        amended_by=by,
    )
