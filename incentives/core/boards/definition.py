"""A board is a document: checked by one schema, kept in versions, read into one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate
from marshmallow import validates_schema as checks

from incentives.core.activity_checks import is_clean
from incentives.core.boards.parts import (
    EVERYONE,
    LEAGUES,
    VIEWERS,
    Audience,
    AudienceSchema,
    Divide,
    DivideSchema,
    Form,
    FormSchema,
    Freeze,
    FreezeSchema,
    ReadingSchema,
    ReadingTerms,
    ScoreSchema,
    ScoreTerm,
    SpanSchema,
    SpanTerms,
    codes,
)
from incentives.core.boards.readings import IMPROVEMENT, OF_TARGET, RATIO, RAW
from incentives.core.boards.shown import kpi_of, kpi_shown
from incentives.core.calendar import PERIOD_KINDS
from incentives.core.fields import one_of
from incentives.core.measures import KPIS, Kpi
from incentives.core.refusals import with_nearest_names

PEOPLE, TEAMS = "people", "teams"
PLACES = ("competition", "dense", "ordinal")
# Whether the page and the wall celebrate who takes the lead or wins a badge, and with a sound.
NO_CELEBRATIONS, SILENT, WITH_SOUND = "none", "silent", "with_sound"
CELEBRATIONS = (NO_CELEBRATIONS, SILENT, WITH_SOUND)


@dataclass(frozen=True)
class Definition:
    """What a board says. `ties` are KPIs that decide between equal scores, in order; `hidden` are
    codes of entrants who do not stand on it."""

    name: str
    scores: tuple[ScoreTerm, ...]
    span: SpanTerms
    entrants: str = PEOPLE
    audience: Audience = field(default_factory=Audience)
    reading: ReadingTerms = field(default_factory=ReadingTerms)
    places: str = "competition"
    ties: tuple[str, ...] = ()
    divide: Divide | None = None
    privacy: Mapping[str, Form] = field(default_factory=dict)
    freeze: Freeze | None = None
    hidden: frozenset[str] = frozenset()
    benchmarks: bool = True
    celebrations: str = SILENT

    @property
    def contest(self) -> str | None:
        """The slug of the contest whose scores stand here."""
        return self.scores[0].contest

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPI of each score, as this board reads it."""
        return tuple(kpi_of(term.kpi, self.reading) for term in self.scores if term.kpi)

    @cached_property
    def kpi(self) -> Kpi:
        """The number that stands on the board. A contest's is not known here."""
        return kpi_shown(self.name, self.kpis, self.reading)

    @property
    def measures(self) -> tuple[str, ...]:
        """All that is added up for scores and ties."""
        counted = (*self.kpis, *(KPIS[slug] for slug in self.ties))
        return tuple(dict.fromkeys(slug for kpi in counted for slug in kpi.measures))

    @property
    def is_plain(self) -> bool:
        """Whether the score is one KPI as it is, so that its parts can be told beside it."""
        return len(self.scores) == 1 and self.contest is None and self.reading.kind in (RAW, RATIO)

    def form_for(self, viewer: str) -> Form:
        return self.privacy.get(viewer) or self.privacy.get(EVERYONE) or Form()

    def frozen_for(self, viewer: str) -> datetime | None:
        """From when on nothing is shown to a viewer."""
        if self.freeze is None or viewer not in self.freeze.viewers:
            return None
        return self.freeze.at


class BoardSchema(Schema):
    """A whole board, format version 1."""

    schema = fields.Integer(required=True, validate=validate.Equal(1))
    name = fields.String(required=True, validate=validate.Length(1, 120))
    scores = fields.List(fields.Nested(ScoreSchema), required=True, validate=validate.Length(1, 12))
    span = fields.Nested(SpanSchema, required=True)
    entrants = fields.String(load_default=PEOPLE, validate=one_of([PEOPLE, TEAMS]))
    audience = fields.Nested(AudienceSchema, load_default=Audience)
    reading = fields.Nested(ReadingSchema, load_default=ReadingTerms)
    places = fields.String(load_default="competition", validate=one_of(list(PLACES)))
    ties = fields.List(
        fields.String(validate=one_of(list(KPIS))),
        load_default=tuple,
        validate=validate.Length(max=5),
    )
    divide = fields.Nested(DivideSchema, load_default=None, allow_none=True)
    privacy = fields.Dict(
        keys=fields.String(validate=one_of([*VIEWERS, EVERYONE])),
        values=fields.Nested(FormSchema),
        load_default=dict,
    )
    freeze = fields.Nested(FreezeSchema, load_default=None, allow_none=True)
    hidden = codes(load_default=tuple)
    benchmarks = fields.Boolean(load_default=True, truthy={True}, falsy={False})
    celebrations = fields.String(load_default=SILENT, validate=one_of(list(CELEBRATIONS)))

    @checks
    def the_name_can_be_read(self, said: Mapping[str, Any], **_: Any) -> None:
        if not said["name"].strip() or not is_clean(said["name"]):
            raise ValidationError("Write a name without unseen characters.", "name")

    @checks
    def the_scores_fit(self, said: Mapping[str, Any], **_: Any) -> None:
        problem = _score_problem(said["scores"], said["reading"])
        if problem:
            raise ValidationError(problem, "scores")

    @checks
    def a_contest_stands_as_it_is(self, said: Mapping[str, Any], **_: Any) -> None:
        if not any(term.contest for term in said["scores"]):
            return
        plain = said["reading"].kind == RAW and said["divide"] is None and not said["ties"]
        if len(said["scores"]) > 1 or said["entrants"] != PEOPLE or not plain:
            raise ValidationError(
                "A contest has its own people, number and ties: show it alone and as it is.",
                "scores",
            )

    @checks
    def leagues_need_periods(self, said: Mapping[str, Any], **_: Any) -> None:
        divide = said["divide"]
        if divide and divide.by == LEAGUES and said["span"].period not in PERIOD_KINDS:
            raise ValidationError(
                f"Leagues change after each period. Write one of {', '.join(PERIOD_KINDS)}.", "span"
            )
        if divide and said["entrants"] == TEAMS and divide.by != LEAGUES:
            raise ValidationError("Only people are new hires.", "divide")

    @post_load
    def make(self, said: dict[str, Any], **_: Any) -> Definition:
        said.pop("schema")
        return Definition(
            **{
                **said,
                "name": " ".join(said["name"].split()),
                "scores": tuple(said["scores"]),
                "ties": tuple(said["ties"]),
                "hidden": frozenset(said["hidden"]),
            }
        )


def _score_problem(scores: list[ScoreTerm], reading: ReadingTerms) -> str | None:
    """Why these numbers cannot be read or added up in this way."""
    kpis = [KPIS[term.kpi] for term in scores if term.kpi]
    for term, kpi in zip((term for term in scores if term.kpi), kpis, strict=True):
        if reading.kind == OF_TARGET and kpi.over and term.target is None:
            return f"{kpi.label} has no quota. Write a target for everybody beside it."
        if reading.kind != OF_TARGET and term.target is not None:
            return "A target counts only in the reading of_target. Leave it out."
        if reading.kind == RATIO and kpi.over:
            return f"{kpi.label} is a ratio already. Read it raw."
    if reading.minimum_volume is not None and not (
        reading.kind == RATIO or all(kpi.over for kpi in kpis)
    ):
        return "Only a ratio has a minimum volume. Leave it out."
    falls = next((kpi for kpi in kpis if kpi.lower_is_better), None)
    if len(scores) > 1 and falls and reading.kind not in (OF_TARGET, IMPROVEMENT):
        return f"Of {falls.label.lower()} less is better, so it adds up only as a share of target."
    return None


def read_definition(document: Mapping[str, Any]) -> Definition:
    """The board a document describes. Raises marshmallow's ValidationError naming each field."""
    schema = BoardSchema(unknown=RAISE)
    try:
        definition: Definition = schema.load(document)
    except ValidationError as error:
        raise ValidationError(with_nearest_names(error.messages, schema, document)) from error
    return definition
