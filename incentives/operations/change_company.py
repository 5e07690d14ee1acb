"""The company's name, zone, currency and fiscal years."""

from calendar import day_name
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.activity_checks import is_currency
from incentives.core.calendar import Calendar
from incentives.core.fiscal_years import (
    NAMED_AFTER,
    WEEKS_PATTERNS,
    YEAR_END_RULES,
    FiscalYears,
)
from incentives.errors import Invalid
from incentives.extensions import db
from incentives.queue import ask_for_refresh
from incentives.store.activities import StoredActivity
from incentives.store.audit import record
from incentives.store.companies import Company, the_company
from incentives.store.ledger import PostedLine
from incentives.store.locks import locks_of
from incentives.store.markers import mark_stale
from incentives.store.people import payee_ids
from incentives.store.transaction import writing


def change_company(
    *,
    name: str,
    time_zone: str,
    currency: str,
    years: FiscalYears,
    by: int,
    now: datetime,
) -> None:
    """Change what is changed. Another zone or other fiscal years move days between periods, so
    everybody is calculated anew; the currency is kept once something counts in it, and once pay is
    locked whatever would move or rename a locked period."""
    with writing() as session:
        write_company(
            session,
            name=name,
            time_zone=time_zone,
            currency=currency,
            years=years,
            by=by,
            now=now,
        )
    ask_for_refresh()


def write_company(
    session: Session,
    *,
    name: str,
    time_zone: str,
    currency: str,
    years: FiscalYears,
    by: int | None,
    now: datetime,
) -> None:
    """The same inside a transaction that does more."""
    name, currency = " ".join(name.split()), currency.strip().upper()
    company = the_company()
    problems = {**_problems(name, time_zone, currency), **_problems_of_years(years)}
    problems = problems or _problems_of_locks(session, company, time_zone, years)
    if currency != company.currency and not currency_may_change():
        problems["currency"] = [f"Figures are kept in {company.currency} already."]
    if problems:
        raise Invalid("company", "The company was not changed.", fields=problems)
    before = _said(company)
    company.name, company.time_zone = name, time_zone
    company.currency, company.years = currency, years
    after = _said(company)
    if after == before:
        return
    record(session, "company changed", name, by=by, now=now, before=before, after=after)
    if {**before, "name": name} != after:
        mark_stale(session, payee_ids(), now)


def currency_may_change() -> bool:
    """Nothing is posted and nothing came in yet."""
    posted = db.session.scalar(select(PostedLine.payee_id).limit(1))
    return posted is None and db.session.scalar(select(StoredActivity.id).limit(1)) is None


def _problems(name: str, time_zone: str, currency: str) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(name) <= 120:
        problems["name"] = ["Write a name of at most 120 characters."]
    if time_zone not in available_timezones():
        problems["time_zone"] = ["Choose a zone, such as America/Chicago."]
    if not is_currency(currency):
        problems["currency"] = ["Write a currency code, such as USD."]
    return problems


def _problems_of_years(years: FiscalYears) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not 1 <= years.start_month <= 12:
        problems["fiscal_start_month"] = ["Choose a month."]
    if years.named_after not in NAMED_AFTER:
        problems["year_named_after"] = ["Choose the year in which it starts or ends."]
    if years.weeks_pattern not in (None, *WEEKS_PATTERNS):
        problems["weeks_pattern"] = ["Choose calendar months or a pattern of weeks."]
    if not 0 <= years.ends_on <= 6:
        problems["year_ends_on"] = ["Choose a day of the week."]
    if years.end_rule not in YEAR_END_RULES:
        problems["year_end_rule"] = ["Choose the nearest or the last."]
    return problems


def _problems_of_locks(
    session: Session, company: Company, time_zone: str, years: FiscalYears
) -> dict[str, list[str]]:
    """What was locked keeps its name, its days and its midnight (semantics 24)."""
    locked, problems = locks_of(session), dict[str, list[str]]()
    if locked and time_zone != company.time_zone:
        sentence = "Pay is locked that was counted by the days of {}, so the zone stays."
        problems["time_zone"] = [sentence.format(company.time_zone)]
    before, after = company.calendar, Calendar(ZoneInfo(company.time_zone), *years)
    moved = [key for key in locked if before.period_named(key) != after.period_named(key)]
    if moved:
        changed = zip(company.years._asdict().items(), years, strict=True)
        fields = [_FIELDS[name] for (name, was), now in changed if was != now]
        sentence = f"{min(moved)} is locked and would have another name or other days. Leave it."
        problems |= {field: [sentence] for field in fields}
    return problems


# What the parts of fiscal years are called on the form.
_FIELDS = {
    "start_month": "fiscal_start_month",
    "named_after": "year_named_after",
    "weeks_pattern": "weeks_pattern",
    "ends_on": "year_ends_on",
    "end_rule": "year_end_rule",
}


def _said(company: Company) -> dict[str, str | int]:
    years = company.years
    said: dict[str, str | int] = {
        "name": company.name,
        "time zone": company.time_zone,
        "currency": company.currency,
        "fiscal year starts in month": years.start_month,
        "fiscal year is named after its": years.named_after,
        "months are": years.weeks_pattern or "calendar months",
    }
    if years.weeks_pattern:
        said["fiscal year ends on the"] = f"{years.end_rule} {day_name[years.ends_on]}"
    return said
