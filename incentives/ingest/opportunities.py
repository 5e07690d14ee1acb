"""A CRM's list of opportunities: each row becomes one activity, known by the opportunity's id."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from incentives.core.activity import LOST, OPEN, WON, Activity, Issue, Share
from incentives.core.activity_checks import problems
from incentives.core.calendar import Calendar
from incentives.ingest.catalogue import Catalogue
from incentives.ingest.columns import Field, extra_cells
from incentives.ingest.csv_reading import Row, Table
from incentives.ingest.values import Unclear, amount_of, instant_of

SOURCE = "crm"

FIELDS = (
    Field("opportunity_id", "Opportunity id", ("id", "dealid", "opportunity"), required=True),
    Field("sales_agent", "Sales agent", ("agent", "salesrep", "rep", "owner"), required=True),
    Field("deal_stage", "Stage", ("stage", "stagename", "status"), required=True),
    Field("product", "Product", ("productname",)),
    Field("account", "Account", ("accountname", "customer", "company")),
    Field("engage_date", "Day engaged", ("engaged", "opened", "opendate", "createddate")),
    Field("close_date", "Day closed", ("closed", "closedate", "closedon"), required=True),
    Field("close_value", "Value", ("value", "amount", "closevalue", "revenue"), required=True),
)

STAGES = {"won": WON, "lost": LOST, "engaging": OPEN, "prospecting": OPEN}

# By which of our fields a general check of activities means which of the file's.
_MEANT = {
    "external_id": "opportunity_id",
    "payee": "sales_agent",
    "shares": "sales_agent",
    "occurred_at": "close_date",
    "amount": "close_value",
    "currency": "close_value",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file is read against: the company's calendar, currency and products, and who earns."""

    calendar: Calendar
    currency: str
    catalogue: Catalogue
    agents: Collection[str]


@dataclass
class Reading:
    """What a file says: activities with their rows, what is wrong with the others, and the rows
    that repeat an earlier one word for word."""

    columns: Mapping[str, str]
    rows: int
    activities: list[tuple[int, Activity]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    repeated: int = 0

    @property
    def rejected(self) -> int:
        return self.rows - self.repeated - len(self.activities)


def read_opportunities(table: Table, columns: Mapping[str, str], expected: Expected) -> Reading:
    """Every good row as an activity; every other row with all that is wrong with it.

    `columns` says which column holds which field; `expected.agents` are the agents by the names
    the file uses. A row that repeats an id with other content is refused, whichever is right.
    """
    reading = Reading(columns, len(table.rows))
    places = {name: table.column(column) for name, column in columns.items()}
    seen: dict[str, tuple[int, Activity]] = {}
    for row in table.rows:
        cells = _Cells(row, places, columns, len(table.header))
        activity = _activity(cells, expected)
        if activity is None:
            reading.issues.extend(cells.issues)
            continue
        first, earlier = seen.setdefault(activity.external_id, (row.number, activity))
        if first == row.number:
            reading.activities.append((row.number, activity))
        elif earlier == activity:
            reading.repeated += 1
        else:
            cells.refuse(
                "opportunity_id",
                "duplicate_id",
                f"Row {first} has this id with other content. Keep one of the two rows.",
            )
            reading.issues.extend(cells.issues)
    return reading


class _Cells:
    """The cells of one row by field, and the issues found in them."""

    def __init__(
        self, row: Row, places: Mapping[str, int], columns: Mapping[str, str], width: int
    ) -> None:
        self.row = row
        self.places = places
        self.columns = columns
        self.issues = extra_cells(row, width)

    def __getitem__(self, name: str) -> str:
        return self.row.cells[self.places[name]] if name in self.places else ""

    def refuse(self, name: str, code: str, message: str) -> None:
        """Note what is wrong with a field, under the name that its column has in the file."""
        column = self.columns.get(name, name)
        self.issues.append(Issue(self.row.number, column, code, message, self[name][:200]))


def _activity(cells: _Cells, expected: Expected) -> Activity | None:
    """The activity of a row, or None with the cells' issues saying why there is none."""
    kind = _kind(cells)
    agent = _agent(cells, expected)
    product = _product(cells, expected.catalogue)
    engaged = _instant(cells, "engage_date", expected.calendar)
    closed = _instant(cells, "close_date", expected.calendar)
    amount = _amount(cells, kind)
    if not cells["opportunity_id"]:
        cells.refuse("opportunity_id", "missing", "Write the id that the CRM gives it.")
    _check_dates(cells, kind, engaged, closed)
    if cells.issues:
        return None
    activity = Activity(
        source=SOURCE,
        external_id=cells["opportunity_id"],
        kind=kind,
        shares=(Share(agent),),
        occurred_at=engaged if kind == OPEN else closed,
        amount=amount,
        currency=None if amount is None else expected.currency,
        attributes=dict(_attributes(cells, product, engaged, closed, expected.calendar)),
    )
    for name, code, message in problems(activity):
        cells.refuse(_MEANT.get(name, name), code, message)
    return None if cells.issues else activity


def _kind(cells: _Cells) -> str:
    stage = cells["deal_stage"]
    kind = STAGES.get(stage.casefold(), "")
    if not kind:
        what = f"{stage} is no stage we know." if stage else "The stage is missing."
        code = "unknown_stage" if stage else "missing"
        cells.refuse("deal_stage", code, f"{what} Write Won, Lost, Engaging or Prospecting.")
    return kind


def _agent(cells: _Cells, expected: Expected) -> str:
    agent = cells["sales_agent"]
    if not agent:
        cells.refuse("sales_agent", "missing", "Write the name of the sales agent.")
    elif agent not in expected.agents:
        message = f"Nobody who can earn is called {agent}. Write the name as the team list does."
        cells.refuse("sales_agent", "unknown_agent", message)
    return agent


def _product(cells: _Cells, catalogue: Catalogue) -> str | None:
    """The catalogue's name of the product. Without a catalogue it is taken as written."""
    written = cells["product"]
    if not written or catalogue.is_empty:
        return written or None
    product = catalogue.find(written)
    if product is None:
        known = ", ".join(sorted(catalogue.names, key=str.casefold)[:8])
        message = f"{written} is not in the catalogue. Write one of {known}, or give it an alias."
        cells.refuse("product", "unknown_product", message)
    return product


def _instant(cells: _Cells, name: str, calendar: Calendar) -> datetime | None:
    if not cells[name]:
        return None
    try:
        return instant_of(cells[name], calendar)
    except Unclear as error:
        cells.refuse(name, error.code, error.message)
        return None


def _amount(cells: _Cells, kind: str) -> Decimal | None:
    """A won deal says its value; a lost one is worth nothing; an open one is not known yet."""
    text = cells["close_value"]
    if not text:
        if kind == WON:
            cells.refuse("close_value", "missing", "Write what the deal was won for, or 0.")
        return Decimal(0) if kind == LOST else None
    try:
        return amount_of(text)
    except Unclear as error:
        cells.refuse("close_value", error.code, error.message)
        return None


def _check_dates(
    cells: _Cells, kind: str, engaged: datetime | None, closed: datetime | None
) -> None:
    if kind in (WON, LOST) and not cells["close_date"]:
        cells.refuse("close_date", "missing", "Write the day on which the deal closed.")
    if kind == OPEN and cells["close_date"]:
        message = "An open deal has no closing day. Remove it, or write Won or Lost as the stage."
        cells.refuse("close_date", "closed_but_open", message)
    if engaged is not None and closed is not None and closed < engaged:
        message = f"The deal closed before it was engaged on {cells['engage_date']}. Check both."
        cells.refuse("close_date", "close_before_engage", message)


def _attributes(
    cells: _Cells,
    product: str | None,
    engaged: datetime | None,
    closed: datetime | None,
    calendar: Calendar,
) -> Iterator[tuple[str, str]]:
    if product:
        yield "product", product
    if cells["account"]:
        yield "account", cells["account"]
    if engaged is not None:
        yield "opened_on", calendar.day_of(engaged).isoformat()
        if closed is not None:
            days = (calendar.day_of(closed) - calendar.day_of(engaged)).days
            yield "days_to_close", str(days)
