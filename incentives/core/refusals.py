"""What is refused of a document: nested messages by place, with the nearest name that is known."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from incentives.core.components import RuleField
from incentives.core.registry import rule_types
from incentives.core.words import did_you_mean

Path = tuple[str | int, ...]

_UNKNOWN = ["Unknown field."]
# What the library says, in words that tell what to do instead.
_IN_SENTENCES = {
    "Missing data for required field.": "Write it here.",
    "Field may not be null.": "Write it here.",
    "Not a valid string.": "Write text.",
    "Not a valid integer.": "Write a whole number, such as 3.",
    "Not a valid date.": "Write a day, such as 2026-12-01.",
    "Not a valid list.": "Write a list.",
    "Invalid input type.": "Write an object with names and values.",
}


def messages_of(error: ValidationError) -> dict[str, Any]:
    """What a document was refused for, by field."""
    messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
    return messages


def in_sentences(messages: Any) -> Any:
    """The same messages, what the library says itself in the words of ours."""
    if isinstance(messages, Mapping):
        return {name: in_sentences(inner) for name, inner in messages.items()}
    if isinstance(messages, list):
        return [in_sentences(inner) for inner in messages]
    return _IN_SENTENCES.get(messages, messages)


def flat(messages: Mapping[Any, Any] | Sequence[Any], at: Path = ()) -> Iterator[tuple[Path, str]]:
    """(path, sentence) of every refusal: ('components', 1, 'rule', 'tiers'), 'Tier 2 …'."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from flat(inner, at if name == "_schema" else (*at, name))
    elif isinstance(messages, str):
        yield at, messages
    else:
        for inner in messages:
            yield from flat(inner, at)


def dotted(path: Path) -> str:
    """A path as programs write it: components[1].rule.tiers, counted from 0."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def with_nearest_names(messages: Any, schema: Schema, said: Any) -> Any:
    """The messages of a schema about a document, each unknown field with the name it may mean."""
    if not isinstance(messages, Mapping) or not isinstance(said, Mapping):
        return messages
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    return {
        name: [f"Unknown field {name}.{did_you_mean(str(name), known)}"]
        if inner == _UNKNOWN
        else _inside(known.get(name), inner, said.get(name))
        for name, inner in messages.items()
    }


def _inside(field: fields.Field[Any] | None, messages: Any, said: Any) -> Any:
    if isinstance(field, fields.Nested):
        return with_nearest_names(messages, field.schema, said)
    if isinstance(field, fields.List) and isinstance(messages, Mapping):
        return {at: _inside(field.inner, inner, said[at]) for at, inner in messages.items()}
    if isinstance(field, RuleField) and isinstance(said, Mapping):
        rule_type = rule_types().get(str(said.get("kind")))
        return with_nearest_names(messages, rule_type.Params(), said) if rule_type else messages
    return messages
