"""What a plan says about quotas: seasonality, proration, ramp and leave (semantics 17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.words import number, percent

NONE, MONTHS, DAYS = "none", "months", "days"
COUNTS, LOWERS = "counts", "lowers"
_LONGEST_RAMP = 60


@dataclass(frozen=True, slots=True)
class QuotaTerms:
    """How the quotas of a plan are read.

    `seasonality` is per cent of the year for each month of the fiscal year, or empty where months
    are alike. `prorate` is the unit in which a part of a period counts. `ramp` is the share of
    quota in the first months of an assignment. `leave` lowers the quota by its days, or counts.
    """

    seasonality: tuple[Decimal, ...] = ()
    prorate: str = NONE
    ramp: tuple[Decimal, ...] = ()
    leave: str = COUNTS

    @property
    def take_quotas_as_set(self) -> bool:
        """Whether nothing is ever taken off a quota."""
        return self.prorate == NONE and not self.ramp and self.leave == COUNTS


class QuotaTermsSchema(Schema):
    """The `quotas` of a plan document; each part is optional."""

    seasonality = fields.List(
        ExactDecimal(minimum_zero=True),
        load_default=(),
        validate=validate.Length(
            equal=12, error="Write twelve numbers, one for each month of the fiscal year."
        ),
    )
    prorate = fields.String(load_default=NONE, validate=one_of([NONE, MONTHS, DAYS]))
    ramp = fields.List(
        ExactDecimal(minimum_zero=True),
        load_default=(),
        validate=validate.Length(
            1, _LONGEST_RAMP, error="Write a share of quota for each month, up to 60 of them."
        ),
    )
    leave = fields.String(load_default=COUNTS, validate=one_of([COUNTS, LOWERS]))

    @validates_schema
    def the_months_make_the_year(self, terms: Mapping[str, Any], **_: Any) -> None:
        total = sum(terms["seasonality"], Decimal(0))
        if terms["seasonality"] and total != 100:
            raise ValidationError(
                f"The twelve months total {number(total)} %. Write numbers that total 100.",
                "seasonality",
            )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> QuotaTerms:
        return QuotaTerms(
            **{**data, "seasonality": tuple(data["seasonality"]), "ramp": tuple(data["ramp"])}
        )


def describe_quota_terms(terms: QuotaTerms) -> list[str]:
    """The terms as sentences a rep understands; none where quotas are taken as they are set."""
    said = []
    if terms.seasonality:
        months = ", ".join(number(each) for each in terms.seasonality)
        said.append(f"Of a year's quota the months have {months} %.")
    if terms.ramp:
        shares = ", ".join(percent(share) for share in terms.ramp)
        said.append(f"In the first months on the plan the quota is {shares} of it, then all.")
    if terms.prorate != NONE:
        said.append(f"A part of a period has the share of its {terms.prorate} on the plan.")
    if terms.leave == LOWERS:
        said.append("Days of leave lower the quota.")
    return said
