"""What an import did, or would do: the same words for a dry run, the real one, page and command."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from incentives.core.activity import Issue
from incentives.ingest.catalogue import Recognised
from incentives.store.audit import record
from incentives.store.transaction import writing

# A page and a database row hold this many; a file with more has one cause behind them all.
KEPT_ISSUES = 2000
COUNTS = ("created", "changed", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`rejected` counts rows, `issues` says what is wrong with them: a row may have several.

    `won` and `total_won` are over every good won deal of the file, new or known; `aliases` are
    products written in another way than the catalogue; `notes` are sentences for people.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    won: int = 0
    total_won: Decimal = Decimal(0)
    currency: str = ""
    issues: tuple[Issue, ...] = ()
    aliases: tuple[Recognised, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def accepted(self) -> int:
        return self.rows - self.rejected

    @property
    def is_clean(self) -> bool:
        return not self.rejected


def as_document(report: ImportReport) -> dict[str, Any]:
    """A report as plain values for JSON; amounts are text, so that no float stands in between."""
    document = asdict(report)
    document["total_won"] = format(report.total_won, "f")
    document["issues"] = [asdict(issue) for issue in report.issues]
    document["aliases"] = [asdict(name) for name in report.aliases]
    document["notes"] = list(report.notes)
    return document


def from_document(document: Mapping[str, Any]) -> ImportReport:
    return ImportReport(
        **{
            **document,
            "total_won": Decimal(document["total_won"]),
            "issues": tuple(Issue(**issue) for issue in document["issues"]),
            "aliases": tuple(Recognised(**name) for name in document["aliases"]),
            "notes": tuple(document["notes"]),
        }
    )


def shortened(report: ImportReport) -> ImportReport:
    """The report with at most as many issues as are kept; a note says how many are left out."""
    left_out = len(report.issues) - KEPT_ISSUES
    if left_out <= 0:
        return report
    note = f"{left_out:,} more issues are not listed. Correct these first, then check again."
    return replace(report, issues=report.issues[:KEPT_ISSUES], notes=(*report.notes, note))


def in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Issues as somebody works through the file: by row."""
    return tuple(sorted(issues, key=lambda issue: issue.row))


def audit_report(
    action: str, subject: str, report: ImportReport, *, by: int | None, now: datetime
) -> None:
    """Note in the audit what an import did. A dry run did nothing."""
    if report.dry_run:
        return
    counts = {name: getattr(report, name) for name in COUNTS}
    with writing() as session:
        record(session, action, subject, by=by, now=now, after=counts)
