"""Take a list of exchange rates in: all good rows, and a report on the others."""

from datetime import datetime

from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.rate_table import read_rates
from incentives.operations.import_file import unreadable
from incentives.operations.import_report import ImportReport, in_order
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.operations.set_exchange_rates import set_exchange_rates


def import_exchange_rates(content: bytes, *, by: int | None, now: datetime) -> ImportReport:
    """Set every good rate of a CSV or JSON list. The same list again changes nothing. Raises
    Invalid where it cannot be read as a whole."""
    try:
        rates, issues = read_rates(content)
    except Unreadable as error:
        raise unreadable(error) from error
    statuses = set_exchange_rates(rates, by=by, now=now)
    rejected = len({issue.row for issue in issues})
    return ImportReport(
        rows=len(rates) + rejected,
        created=statuses.count(CREATED),
        changed=statuses.count(CHANGED),
        unchanged=statuses.count(UNCHANGED),
        rejected=rejected,
        issues=in_order(issues),
    )
