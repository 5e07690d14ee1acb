"""Why some component posted nothing for a payee: shown to the payee and to finance."""

from collections.abc import Collection, Sequence

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.results import CalculationIssue
from incentives.extensions import db
from incentives.store.base import Base


class StoredIssue(Base):
    __tablename__ = "calculation_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    component: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(400))


def replace_issues(session: Session, payee_id: int, issues: Collection[CalculationIssue]) -> None:
    session.execute(delete(StoredIssue).where(StoredIssue.payee_id == payee_id))
    for issue in dict.fromkeys(issues):
        session.add(
            StoredIssue(
                payee_id=payee_id,
                component=issue.component,
                period=issue.period,
                code=issue.code,
                message=issue.message[:400],
            )
        )


def issues_of(payee_ids: Collection[int] | None = None) -> Sequence[StoredIssue]:
    query = select(StoredIssue).order_by(StoredIssue.payee_id, StoredIssue.id)
    if payee_ids is not None:
        query = query.where(StoredIssue.payee_id.in_(payee_ids))
    return db.session.scalars(query).all()
