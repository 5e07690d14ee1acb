"""Quotas: a table of people or teams and periods, filled in at once or by a list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import (
    ADMINISTRATOR,
    insist,
    may,
    reached_payees,
    requires,
    signed_in,
)
from incentives.clock import now
from incentives.core.calendar import Period
from incentives.core.case import TARGET_INCENTIVE
from incentives.core.measures import MEASURES
from incentives.errors import Invalid
from incentives.operations.change_quotas import WantedQuota, change_quotas
from incentives.operations.import_quotas import Reach, import_quotas
from incentives.operations.import_report import ImportReport
from incentives.operations.set_quota import LABELS, TEAM_LABELS
from incentives.store import people, teams
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.quotas import quotas_for, team_quotas_for
from incentives.store.teams import Team
from incentives.store.transaction import one_at_a_time
from incentives.web.forms import list_sent

blueprint = Blueprint("quotas", __name__)

PEOPLE, TEAMS = "people", "teams"
KINDS = {"quarter": "Quarters", "month": "Months", "week": "Weeks", "year": "Years"}
_NUMBER = re.compile(r"[0-9]{1,14}(\.[0-9]{1,6})?")


@dataclass
class Sheet:
    """The table: texts of the cells by (holder, period), and what they were when it was drawn.
    The holders are people, or teams, as `of` says."""

    of: str
    measure: str
    kind: str
    periods: list[Period]
    holders: Sequence[Person | Team]
    stored: dict[tuple[int, str], str] = field(default_factory=dict)
    texts: dict[tuple[int, str], str] = field(default_factory=dict)

    def read(self) -> None:
        """Look at what is set now."""
        self.stored = {
            (holder_id, period.key): format(amount, "f")
            for period in self.periods
            for holder_id, amount in self.amounts(period.key).items()
        }

    def text(self, holder_id: int, period: str) -> str:
        return self.texts.get((holder_id, period), self.stored.get((holder_id, period), ""))

    def amounts(self, period: str) -> dict[int, Decimal]:
        """The quotas of the holders that are set for a period."""
        if self.of == TEAMS:
            found, ids = team_quotas_for(self.measure, period), {each.id for each in self.holders}
            return {team_id: amount for team_id, amount in found.items() if team_id in ids}
        return quotas_for(self.measure, period, [each.id for each in self.holders])

    @property
    def address(self) -> dict[str, Any]:
        """What in an address leads to this table."""
        return {"of": self.of, "measure": self.measure, "kind": self.kind}


@blueprint.get("/quotas")
@requires("manage_quotas")
def index() -> ResponseReturnValue:
    sheet = _sheet(request.args)
    if request.args.get("copy"):
        _copy_into(sheet, request.args["copy"])
    return _page(sheet, {})


@blueprint.post("/quotas")
@requires("manage_quotas")
def save() -> ResponseReturnValue:
    sheet = _sheet(request.form)
    sheet.texts = _typed(sheet)
    try:
        with one_at_a_time("quotas"):
            sheet.read()
            count = change_quotas(
                sheet.measure,
                _wanted(sheet),
                of_teams=sheet.of == TEAMS,
                by=signed_in().person_id,
                now=now(),
            )
    except Invalid as refusal:
        return _page(sheet, refusal.fields), refusal.status
    flash(f"{count} quotas saved." if count else "Nothing was changed.")
    return redirect(url_for("quotas.index", **sheet.address))


@blueprint.get("/quotas/list")
@requires("manage_quotas")
def new_list() -> ResponseReturnValue:
    return _list()


@blueprint.post("/quotas/list")
@requires("manage_quotas")
def create_list() -> ResponseReturnValue:
    reach = Reach(
        {person.id for person in _people()},
        {team.id for team in _teams()},
        targets=may("manage_target_incentives"),
    )
    try:
        report = import_quotas(list_sent(), reach=reach, by=signed_in().person_id, now=now())
    except Invalid as refusal:
        return _list(problem=refusal.message), refusal.status
    return _list(report=report)


def _list(*, report: ImportReport | None = None, problem: str | None = None) -> str:
    return render_template(
        "quotas/list.html",
        report=report,
        problem=problem,
        pasted=request.form.get("list", "") if problem else "",
        measures=[slug for slug, _ in _measures(PEOPLE)],
    )


def _sheet(asked: Mapping[str, str]) -> Sheet:
    """Whose quotas one may set, and the periods from the last one to the next two."""
    calendar = the_company().calendar
    today = calendar.day_of(now())
    of = asked.get("of", PEOPLE)
    of = of if of in (PEOPLE, TEAMS) else PEOPLE
    measure = asked.get("measure", "revenue")
    measure = measure if measure in (TEAM_LABELS if of == TEAMS else LABELS) else "revenue"
    if measure == TARGET_INCENTIVE:
        insist("manage_target_incentives")
    kind = asked.get("kind", "quarter")
    kind = kind if kind in KINDS else "quarter"
    current = calendar.period_of(today, kind)
    following = calendar.after(current)
    periods = [calendar.before(current), current, following, calendar.after(following)]
    sheet = Sheet(of, measure, kind, periods, _teams() if of == TEAMS else _people())
    sheet.read()
    return sheet


def _people() -> list[Person]:
    within_reach = reached_payees(the_company().calendar.day_of(now()))
    return [payee for payee in people.payees() if payee.id in within_reach]


def _teams() -> list[Team]:
    """All teams for an administrator; for a manager those managed today, and the ones inside."""
    here = [team for team in teams.all_teams() if team.retired_on is None]
    if signed_in().role == ADMINISTRATOR:
        return here
    today = the_company().calendar.day_of(now())
    managed = teams.teams_managed_by(signed_in().person_id, today)
    return [team for team in here if team.id in managed]


def _copy_into(sheet: Sheet, key: str) -> None:
    """Fill the empty cells of a period with the quotas of the one before. Nothing is saved yet."""
    period = next((period for period in sheet.periods if period.key == key), None)
    if period is None:
        return
    before = sheet.amounts(the_company().calendar.before(period).key)
    for holder_id, amount in before.items():
        if (holder_id, key) not in sheet.stored:
            sheet.texts[holder_id, key] = format(amount, "f")


def cell_name(holder_id: int, period: str) -> str:
    return f"q-{holder_id}-{period}"


def _typed(sheet: Sheet) -> dict[tuple[int, str], str]:
    """Only cells of those within reach are looked at, whatever else was sent."""
    return {
        (holder.id, period.key): request.form[cell_name(holder.id, period.key)].strip()
        for holder in sheet.holders
        for period in sheet.periods
        if cell_name(holder.id, period.key) in request.form
    }


def _wanted(sheet: Sheet) -> list[WantedQuota]:
    """The cells that differ from when the table was drawn: what somebody else changed meanwhile
    in another cell stays. Raises Invalid for what is no number, and for what somebody else changed
    in the same cell."""
    wanted: list[WantedQuota] = []
    problems: dict[str, list[str]] = {}
    for (holder_id, period), text in sheet.texts.items():
        cell = cell_name(holder_id, period)
        plain = text.replace(",", "")
        stands = sheet.stored.get((holder_id, period), "")
        was = request.form.get(f"was-{cell}", "").replace(",", "")
        if plain == was:
            continue
        if plain and not _NUMBER.fullmatch(plain):
            problems[cell] = ["Write a number, such as 82000, or leave it empty."]
            continue
        amount = _amount(plain)
        if f"was-{cell}" in request.form and was != stands and amount != _amount(stands):
            told = f"set it to {stands}" if stands else "took it away"
            problems[cell] = [f"Somebody {told} meanwhile. Save again to write over it."]
            continue
        wanted.append(WantedQuota(holder_id, period, amount, cell))
    if problems:
        raise Invalid("quota", "No quota was saved.", fields=problems)
    return wanted


def _amount(stands: str) -> Decimal | None:
    return Decimal(stands) if stands else None


def _page(sheet: Sheet, problems: Any) -> str:
    names = {holder.id: holder.name for holder in sheet.holders}
    errors = [
        (name, f"{names[int(name.split('-')[1])]}, {name.split('-', 2)[2]}", sentences[0])
        for name, sentences in problems.items()
    ]
    return render_template(
        "quotas/index.html",
        sheet=sheet,
        cell_name=cell_name,
        problems=problems,
        errors=errors,
        measures=_measures(sheet.of),
        kinds=list(KINDS.items()),
        unit=_unit(sheet.measure),
        current=sheet.periods[1].key,
        copied=bool(sheet.texts) and request.method == "GET",
    )


def _measures(of: str) -> list[tuple[str, str]]:
    """What quotas may be set for here, by the signed-in person."""
    labels = TEAM_LABELS if of == TEAMS else LABELS
    return [
        (slug, label)
        for slug, label in labels.items()
        if slug != TARGET_INCENTIVE or may("manage_target_incentives")
    ]


def _unit(measure: str) -> str:
    if measure == TARGET_INCENTIVE:
        return "the currency of the plan"
    return the_company().currency if MEASURES[measure].unit == "money" else ""
