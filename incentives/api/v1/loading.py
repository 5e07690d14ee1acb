"""The body of a request as a schema has it."""

from typing import Any

from marshmallow import Schema, ValidationError

from incentives.api.v1.activity_schema import field_errors
from incentives.api.v1.body import json_body
from incentives.errors import Invalid


def loaded(schema: Schema, *, code: str, refusal: str) -> dict[str, Any]:
    """The body of this request. Raises Invalid naming each field, with `refusal` above them."""
    try:
        said: dict[str, Any] = schema.load(json_body())
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for field, _, message in field_errors(error.messages):
            problems.setdefault(field, []).append(message)
        raise Invalid(code, refusal, fields=problems) from error
    return said
