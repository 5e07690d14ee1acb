"""A list of exchange rates by day (semantics 9)."""

from datetime import date

from incentives.core.activity import Issue
from incentives.core.exchange import Rate
from incentives.core.exchange_checks import rate_problems
from incentives.ingest.columns import Field
from incentives.ingest.records import Record, read_records
from incentives.ingest.values import day_of, number_of

FIELDS = (
    Field("currency", "Currency", ("from", "base"), required=True),
    Field("to", "Currency it is worth", ("tocurrency", "quote"), required=True),
    Field("date", "First day", ("day", "firstday", "validfrom"), required=True),
    Field("rate", "Rate", (), required=True),
    Field("provider", "Provider", ("source",)),
)


def read_rates(content: bytes) -> tuple[list[Rate], list[Issue]]:
    """Every good row, in the order of the file. Raises Unreadable.

    A second rate for the same two currencies and day is an issue.
    """
    rates: dict[tuple[str, str, date], Rate] = {}
    issues: list[Issue] = []
    for record in read_records(content, FIELDS):
        rate = None if record.issues else _rate(record)
        if rate is not None:
            key = (rate.currency, rate.to, rate.first_day)
            if rates.setdefault(key, rate) is not rate:
                message = "An earlier row has a rate of these currencies for this day. Keep one."
                record.refuse("date", "twice", message)
        issues.extend(record.issues)
    return list(rates.values()), issues


def _rate(record: Record) -> Rate | None:
    currency = record.needed("currency", str, "Write a currency, such as EUR.")
    to = record.needed("to", str, "Write the currency it is worth, such as USD.")
    day = record.needed("date", day_of, "Write the first day of the rate, such as 2026-01-31.")
    number = record.needed("rate", number_of, "Write the rate, such as 1.0834.")
    provider = record.text("provider")
    if record.issues or currency is None or to is None or day is None or number is None:
        return None
    rate = Rate(currency, to, day, number, provider)
    for problem in rate_problems(rate):
        record.refuse(*problem)
    return None if record.issues else rate
