"""Why some component posted nothing for a payee: shown to the payee and to finance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.results import CalculationIssue
from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.driver import Driver


class StoredIssue(Base):
    __tablename__ = "calculation_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    component: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(400))


def replace_issues(session: Session, issues: Mapping[int, Collection[CalculationIssue]]) -> None:
    """Say what is missing for each payee now. Most of the time it is what was missing before."""
    stored: dict[int, list[CalculationIssue]] = {payee_id: [] for payee_id in issues}
    driver = Driver(session)
    rows = driver.rows_in_parts(
        "SELECT payee_id, component, period, code, message FROM calculation_issue "
        "WHERE payee_id IN :ids ORDER BY payee_id, id",
        ids=issues.keys(),
    )
    for payee_id, *said in rows:
        stored[payee_id].append(CalculationIssue(*said))
    wanted = {payee_id: _kept(found) for payee_id, found in issues.items()}
    changed = [payee_id for payee_id in issues if wanted[payee_id] != stored[payee_id]]
    if not changed:
        return
    driver.run_many(
        "DELETE FROM calculation_issue WHERE payee_id = ?", [(payee_id,) for payee_id in changed]
    )
    driver.append(
        "calculation_issue",
        ("payee_id", "component", "period", "code", "message"),
        [
            (payee_id, issue.component, issue.period, issue.code, issue.message)
            for payee_id in changed
            for issue in wanted[payee_id]
        ],
    )


def _kept(issues: Collection[CalculationIssue]) -> list[CalculationIssue]:
    """Each once, as long as the table takes them."""
    return [replace(issue, message=issue.message[:400]) for issue in dict.fromkeys(issues)]


def issues_of(payee_ids: Collection[int] | None = None) -> Sequence[StoredIssue]:
    query = select(StoredIssue).order_by(StoredIssue.payee_id, StoredIssue.id)
    if payee_ids is not None:
        query = query.where(StoredIssue.payee_id.in_(payee_ids))
    return db.session.scalars(query).all()
