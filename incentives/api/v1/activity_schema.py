"""What the API takes as an activity: the schema, and from checked fields to core's Activity."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from incentives.core.activity import CASH, Activity, Share
from incentives.core.activity_checks import can_be_kept
from incentives.core.fields import ExactDecimal

UNKNOWN_FIELD = "There is no such field."
MISSING = "Write this field."
CODES = {UNKNOWN_FIELD: "unknown_field", MISSING: "missing"}


class Text(fields.String):
    """Text in one spelling: é as one character and as e with an accent are the same id."""

    default_error_messages = {
        "required": MISSING,
        "invalid": "Write text.",
        "null": "Write text.",
        "kept": "There is a character in it that cannot be seen. Remove it.",
    }

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not can_be_kept(text):
            raise self.make_error("kept")
        return text if text.isascii() else unicodedata.normalize("NFC", text)


class Instant(fields.Field[datetime]):
    """An instant with its offset, kept in UTC."""

    default_error_messages = {
        "invalid": 'Write date, time and offset, such as "2026-11-18T15:00:00Z".',
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "format": "date-time", **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            found = datetime.fromisoformat(value)
            if "T" not in value or found.tzinfo is None:
                raise self.make_error("invalid")
            return found.astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()


class Strict(Schema):
    """Refuses what it does not know, so that a misspelled field is noticed."""

    error_messages = {"unknown": UNKNOWN_FIELD, "type": "Write an object."}


class ShareSchema(Strict):
    payee = Text(required=True, metadata={"description": "Code, e-mail or full name."})
    percent = ExactDecimal(required=True, error_messages={"required": MISSING})
    overlay = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        error_messages={"invalid": "Write true or false."},
        metadata={"description": "On top of the shares that total 100."},
    )


class ActivitySchema(Strict):
    """One business event. Sent again with the same `(source, external_id)` it is the same one."""

    source = Text(
        required=True,
        metadata={"description": "The system that says so, such as crm.", "maxLength": 60},
    )
    external_id = Text(
        required=True, metadata={"description": "Its id in that system.", "maxLength": 120}
    )
    kind = Text(
        required=True,
        metadata={"description": "deal_won, deal_lost, deal_open, call, meeting, demo or another."},
    )
    payee = Text(
        load_default=None,
        metadata={"description": "Who did it: code, e-mail or full name. Or send shares."},
    )
    shares = fields.List(
        fields.Nested(ShareSchema),
        load_default=None,
        validate=validate.Length(1, 50, error="Write 1 to 50 shares."),
        error_messages={"invalid": "Write a list of shares."},
        metadata={"description": "Who shared it, in per cent that total 100 without overlays."},
    )
    occurred_at = Instant(
        load_default=None,
        metadata={"description": "When it happened. Only an open deal may have none."},
    )
    amount = ExactDecimal(
        load_default=None,
        metadata={"description": "In major units, as text."},
    )
    currency = Text(load_default=None, metadata={"description": "ISO 4217, such as USD."})
    quantity = ExactDecimal(load_default=Decimal(1), minimum_zero=True)
    attributes = fields.Dict(
        keys=Text(),
        values=Text(),
        load_default=dict,
        validate=validate.Length(max=50, error="Write at most 50 attributes."),
        error_messages={"invalid": "Write an object of texts."},
        metadata={"description": "Anything plans ask about, such as product."},
    )
    reversed = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        error_messages={"invalid": "Write true or false."},
        metadata={"description": "The source has cancelled the event."},
    )
    changed_at = Instant(
        load_default=None,
        metadata={
            "description": "When the source changed it last. An older version than the one that "
            "is known changes nothing."
        },
    )


# Built once: building one costs twice as much as checking an activity.
_SCHEMA = ActivitySchema()
_MANY = ActivitySchema(many=True)

FieldError = tuple[str, str, str]


def read_activities(items: list[Any]) -> tuple[dict[int, Activity], dict[int, list[FieldError]]]:
    """The activities that can be read, and what is wrong with the others, both by place."""
    messages: Any = {}
    try:
        loaded: Any = _MANY.load(items)
    except ValidationError as error:
        loaded, messages = error.valid_data, error.messages
    wrong = {place: list(field_errors(found)) for place, found in messages.items()}
    activities = {}
    for place, data in enumerate(loaded):
        if place in wrong:
            continue
        given = [name for name in ("payee", "shares") if data[name] is not None]
        # Cash goes to the payees of its deal; who names them all the same is told so.
        if len(given) != 1 and (given or data["kind"] != CASH):
            message = "Write either payee, or shares that total 100."
            wrong[place] = [("payee", "payee_or_shares", message)]
        else:
            activities[place] = _activity(data)
    return activities, wrong


def _activity(data: Mapping[str, Any]) -> Activity:
    shares = tuple(Share(**share) for share in data["shares"] or ())
    if data["payee"] is not None:
        shares = (Share(data["payee"]),)
    return Activity(
        source=data["source"],
        external_id=data["external_id"],
        kind=data["kind"],
        shares=shares,
        occurred_at=data["occurred_at"],
        amount=data["amount"],
        currency=data["currency"],
        quantity=data["quantity"],
        attributes=data["attributes"],
        reversed=data["reversed"],
        changed_at=data["changed_at"],
    )


def field_errors(messages: Any, path: str = "") -> Iterator[FieldError]:
    """Marshmallow's nested messages as (field, code, message), one for each sentence."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # What concerns an object as a whole is told under the object itself.
            inside = path if name == "_schema" else f"{path}.{name}".lstrip(".")
            yield from field_errors(inner, inside)
    else:
        for message in messages:
            yield path, CODES.get(message, "invalid"), message
