"""What the API says of boards, and what may be asked of them."""

from marshmallow import Schema, fields, validate

from incentives.api.v1.activity_schema import MISSING, Instant, Strict
from incentives.core.boards.spans import SINCE
from incentives.core.fields import ExactDecimal, one_of

MOST_ROWS = 1_000


class BoardSummarySchema(Schema):
    slug = fields.String()
    name = fields.String()
    kpi = fields.String()
    unit = fields.String()
    revision = fields.Integer()


class BoardRevisionSchema(Schema):
    """What the board said until `superseded_at`."""

    revision = fields.Integer()
    document = fields.Dict()
    superseded_at = Instant()


class BoardDocumentSchema(BoardSummarySchema):
    """The document in force, and those before it, oldest first."""

    document = fields.Dict()
    earlier = fields.List(fields.Nested(BoardRevisionSchema))


class SavedBoardSchema(Schema):
    slug = fields.String()
    revision = fields.Integer()


class PeriodSchema(Schema):
    """Half-open: `end_day` no longer belongs to it. A window that rolls has no `key`."""

    key = fields.String()
    kind = fields.String()
    first_day = fields.Date()
    end_day = fields.Date()


class EntrantSchema(Schema):
    """Behind a pseudonym `id` is below 0."""

    id = fields.Integer()
    name = fields.String()
    team = fields.String()


class StandingSchema(Schema):
    """`gap` is what is missing to the next better score; `moved` is places climbed since today
    began, or since what was asked for. `zone` is up or down where one would change leagues."""

    place = fields.Integer(allow_none=True)
    tied = fields.Boolean()
    entrant = fields.Nested(EntrantSchema)
    score = ExactDecimal(allow_none=True)
    gap = ExactDecimal(allow_none=True)
    moved = fields.Integer(allow_none=True)
    attainment = ExactDecimal(allow_none=True)
    group = fields.String()
    zone = fields.String(allow_none=True)


class BenchmarkSchema(Schema):
    """The score at the edge of the top `percent`."""

    percent = fields.Integer()
    score = ExactDecimal()


class StandingsSchema(Schema):
    """`total` rows can be seen and were asked for; `entrants` stand on the board."""

    board = fields.Nested(BoardSummarySchema)
    version = fields.Integer()
    period = fields.Nested(PeriodSchema)
    standings = fields.List(fields.Nested(StandingSchema))
    first = fields.Integer()
    total = fields.Integer()
    entrants = fields.Integer()
    groups = fields.List(fields.String())
    shows = fields.String(metadata={"description": "named, top_n, neighbours, pseudonym, self"})
    frozen_at = Instant(allow_none=True)
    at = Instant(allow_none=True)
    benchmarks = fields.List(fields.Nested(BenchmarkSchema))


class PointsGivenSchema(Schema):
    """Points by what gave them: the component, its `rule` in plain words, the plan's version."""

    component = fields.String()
    rule = fields.String()
    plan = fields.String()
    points = fields.Integer()


class ContributionSchema(Schema):
    """`value` is what the activity adds to the counted measure, `adds` to the score; null where a
    score is no sum of its activities. `given` are its `points` by what gave them."""

    activity_id = fields.Integer()
    source = fields.String()
    external_id = fields.String()
    kind = fields.String()
    occurred_at = Instant()
    payee = fields.String()
    value = ExactDecimal()
    adds = ExactDecimal(allow_none=True)
    points = fields.Integer()
    plan = fields.String()
    given = fields.List(fields.Nested(PointsGivenSchema))


class TieSchema(Schema):
    """What decides between this one and the first of those who are level, or the second where this
    one is the first: a measure, who first reached it, or the name."""

    link = fields.String()
    label = fields.String()
    is_above = fields.Boolean()
    mine = fields.Raw(allow_none=True)
    theirs = fields.Raw(allow_none=True)
    other = fields.String(allow_none=True)


class WhySchema(Schema):
    """`for_periods` are points that are for a whole period and for no one activity, in `periods` by
    what gave them."""

    standing = fields.Nested(StandingSchema)
    contributions = fields.List(fields.Nested(ContributionSchema))
    for_periods = fields.Integer()
    periods = fields.List(fields.Nested(PointsGivenSchema))
    total = fields.Integer()
    level_with = fields.List(fields.String())
    tie = fields.Nested(TieSchema, allow_none=True)
    above = fields.Nested(StandingSchema, allow_none=True)
    benchmarks = fields.List(fields.Nested(BenchmarkSchema))


class LookQuery(Schema):
    error_messages = {"unknown": "There is no such parameter."}

    period = fields.String(
        load_default=None,
        metadata={"description": "day, week, month, quarter, year, or a key such as 2026-Q4."},
    )
    team = fields.String(load_default=None, metadata={"description": "A team's code."})
    at = Instant(
        load_default=None, metadata={"description": "As the board stood just before then."}
    )


class SliceQuery(LookQuery):
    offset = fields.Integer(
        load_default=0, validate=validate.Range(0, 1_000_000, error="Write 0 or more.")
    )
    limit = fields.Integer(
        load_default=100, validate=validate.Range(1, MOST_ROWS, error="Write 1 to 1000.")
    )


class StandingsQuery(SliceQuery):
    search = fields.String(
        load_default=None,
        validate=validate.Length(max=120),
        metadata={"description": "A part of a name."},
    )
    around = fields.Integer(
        load_default=None, metadata={"description": "The id of an entrant to stand round."}
    )
    window = fields.Integer(
        load_default=5,
        validate=validate.Range(1, 100, error="Write 1 to 100."),
        metadata={"description": "How many rows stand round an entrant."},
    )
    since = fields.String(load_default="day", validate=one_of(list(SINCE)))


class BoardToSaveSchema(Strict):
    """A board's document, as docs/boards.md has it."""

    document = fields.Dict(
        required=True, error_messages={"required": MISSING, "invalid": "Write an object."}
    )
