"""The parts of a board's document: scores, reading, who stands on it, who sees it, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from incentives.core.activity_checks import EARLIEST, LATEST, is_clean
from incentives.core.boards.readings import IMPROVEMENT, RATIO, RAW, READINGS
from incentives.core.fields import ExactDecimal, one_of
from incentives.core.measures import KPIS, MEASURES

COMPANY, TEAMS, ROLES, PEOPLE = "company", "teams", "roles", "people"
AUDIENCES = (COMPANY, TEAMS, ROLES, PEOPLE)

# Who looks, beside those who sign in: a screen for everybody to see, and a program with a key.
WALL, PROGRAM = "wall", "program"
SIGNED_IN = ("rep", "manager", "finance", "administrator")
VIEWERS = (*SIGNED_IN, WALL, PROGRAM)
EVERYONE = "everyone"

NAMED, TOP_N, NEIGHBOURS, PSEUDONYM, SELF = "named", "top_n", "neighbours", "pseudonym", "self"
FORMS = (NAMED, TOP_N, NEIGHBOURS, PSEUDONYM, SELF)

NEW_HIRES, LEAGUES = "new_hires", "leagues"

LONGEST_WINDOW = 366
_SIZE, _MOVE = 10, 2


def codes(**more: Any) -> "fields.List[str]":
    """A list of codes of people or teams."""
    return fields.List(fields.String(validate=is_code), **more)


def is_code(text: str) -> None:
    """Refuse what no code, slug or name of a period can be."""
    if not 1 <= len(text) <= 80 or not is_clean(text):
        raise ValidationError("Write 1 to 80 characters that can be seen.")


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One number of a score: a KPI with its weight, or what a contest counts. `target` is one for
    everybody; without it each has their own quota."""

    kpi: str | None = None
    contest: str | None = None
    weight: Decimal = Decimal(1)
    target: Decimal | None = None


class ScoreSchema(Schema):
    """`weight` multiplies what the reading makes of the KPI, before several are added up."""

    kpi = fields.String(load_default=None, validate=one_of(list(KPIS)))
    contest = fields.String(load_default=None, validate=is_code)
    weight = ExactDecimal(load_default=Decimal(1))
    target = ExactDecimal(load_default=None, allow_none=True)

    @validates_schema
    def one_number(self, said: Mapping[str, Any], **_: Any) -> None:
        if (said["kpi"] is None) == (said["contest"] is None):
            raise ValidationError("Write a kpi, or the slug of a contest.", "kpi")
        if said["weight"] <= 0:
            raise ValidationError("Write a weight above 0.", "weight")
        if said["target"] is not None and said["target"] <= 0:
            raise ValidationError("Write a target above 0.", "target")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> ScoreTerm:
        return ScoreTerm(**said)


@dataclass(frozen=True, slots=True)
class ReadingTerms:
    """How a KPI is read. `over` makes it a ratio of two measures, which ranks from
    `minimum_volume` of the lower one on; `baseline` is how many periods before it is held against.
    """

    kind: str = RAW
    over: str | None = None
    minimum_volume: int | None = None
    baseline: int = 1


class ReadingSchema(Schema):
    kind = fields.String(load_default=RAW, validate=one_of(list(READINGS)))
    over = fields.String(load_default=None, allow_none=True, validate=one_of(list(MEASURES)))
    minimum_volume = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 1_000_000, error="Write a whole number from 1 on."),
    )
    baseline = fields.Integer(
        load_default=1,
        strict=True,
        validate=validate.Range(1, 12, error="Write 1 to 12 periods."),
    )

    @validates_schema
    def fits(self, said: Mapping[str, Any], **_: Any) -> None:
        if said["kind"] == RATIO and said["over"] is None:
            raise ValidationError("Write the measure that the ratio divides by.", "over")
        if said["kind"] != RATIO and said["over"] is not None:
            raise ValidationError("Only the reading ratio divides by a measure.", "over")
        if said["kind"] != IMPROVEMENT and said["baseline"] != 1:
            raise ValidationError("Only the reading improvement has a baseline.", "baseline")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> ReadingTerms:
        return ReadingTerms(**said)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who stands on a board. `named` are the codes of the teams or people, or the roles."""

    of: str = COMPANY
    named: tuple[str, ...] = ()


class AudienceSchema(Schema):
    of = fields.String(load_default=COMPANY, validate=one_of(list(AUDIENCES)))
    named = codes(load_default=tuple, validate=validate.Length(max=5_000))

    @validates_schema
    def names_them(self, said: Mapping[str, Any], **_: Any) -> None:
        if (said["of"] == COMPANY) != (not said["named"]):
            wanted = "Leave this out." if said["of"] == COMPANY else f"Name the {said['of']}."
            raise ValidationError(wanted, "named")
        unknown = [name for name in said["named"] if name not in SIGNED_IN]
        if said["of"] == ROLES and unknown:
            raise ValidationError(f"Write roles out of {', '.join(SIGNED_IN)}.", "named")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> Audience:
        return Audience(said["of"], tuple(said["named"]))


@dataclass(frozen=True, slots=True)
class SpanTerms:
    """A kind of period or the key of one; or the last `rolling` days up to today."""

    period: str | None = None
    rolling: int | None = None


class SpanSchema(Schema):
    period = fields.String(load_default=None, validate=is_code)
    rolling = fields.Integer(
        load_default=None,
        strict=True,
        validate=validate.Range(1, LONGEST_WINDOW, error="Write 1 to 366 days."),
    )

    @validates_schema
    def one_span(self, said: Mapping[str, Any], **_: Any) -> None:
        if (said["period"] is None) == (said["rolling"] is None):
            raise ValidationError("Write a period, or how many days roll.", "period")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> SpanTerms:
        return SpanTerms(**said)


@dataclass(frozen=True, slots=True)
class Divide:
    """Rows ranked apart: who began less than `days` ago, or leagues of `size` by the results since
    the period `since`, in which the first and last `move` of each change places after each
    period."""

    by: str
    days: int = 90
    size: int = _SIZE
    move: int = _MOVE
    since: str = ""


class DivideSchema(Schema):
    by = fields.String(required=True, validate=one_of([NEW_HIRES, LEAGUES]))
    days = fields.Integer(strict=True, validate=validate.Range(1, 1_000))
    size = fields.Integer(strict=True, validate=validate.Range(2, 1_000))
    move = fields.Integer(strict=True, validate=validate.Range(1, 500))
    since = fields.String(validate=is_code)

    @validates_schema
    def fits(self, said: Mapping[str, Any], **_: Any) -> None:
        if said["by"] == LEAGUES and "since" not in said:
            raise ValidationError("Write the first period of the leagues.", "since")
        if 2 * said.get("move", _MOVE) > said.get("size", _SIZE):
            raise ValidationError("At most half of a league moves.", "move")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> Divide:
        return Divide(**said)


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sees of a board (semantics 40). `top` places, or a `window` round oneself."""

    form: str = NAMED
    top: int = 10
    window: int = 5


class FormSchema(Schema):
    form = fields.String(required=True, validate=one_of(list(FORMS)))
    top = fields.Integer(strict=True, validate=validate.Range(1, 1_000))
    window = fields.Integer(strict=True, validate=validate.Range(1, 100))

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> Form:
        return Form(**said)


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing dated at or after `at` is shown to these viewers (semantics 33)."""

    at: datetime
    viewers: tuple[str, ...]


def is_in_reach(at: datetime) -> None:
    """Refuse what no clock here ever shows."""
    if not EARLIEST <= at < LATEST:
        raise ValidationError("Write a year from 1970 to 2199.")


class FreezeSchema(Schema):
    at = fields.AwareDateTime(
        required=True,
        format="iso",
        validate=is_in_reach,
        error_messages={
            "invalid": 'Write date, time and offset, such as "2026-11-18T15:00:00Z".',
            "invalid_awareness": 'Write the offset, too, such as "2026-11-18T15:00:00Z".',
        },
    )
    viewers = fields.List(
        fields.String(validate=one_of(list(VIEWERS))),
        data_key="for",
        required=True,
        validate=validate.Length(1),
    )

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> Freeze:
        return Freeze(said["at"].astimezone(UTC), tuple(said["viewers"]))
