"""Take a list of holidays in: all good rows, and a report on the others."""

from datetime import datetime

from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.holiday_table import read_holidays
from incentives.operations.change_holidays import add_holidays
from incentives.operations.import_file import unreadable
from incentives.operations.import_report import ImportReport, in_order
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED


def import_holidays(content: bytes, *, by: int | None, now: datetime) -> ImportReport:
    """Add every good day of a CSV or JSON list. The same list again changes nothing, and days that
    it leaves out stay. Raises Invalid where it cannot be read as a whole."""
    try:
        days, issues = read_holidays(content)
    except Unreadable as error:
        raise unreadable(error) from error
    statuses = add_holidays(days, by=by, now=now)
    rejected = len({issue.row for issue in issues})
    return ImportReport(
        rows=len(days) + rejected,
        created=statuses.count(CREATED),
        changed=statuses.count(CHANGED),
        unchanged=statuses.count(UNCHANGED),
        rejected=rejected,
        issues=in_order(issues),
    )
