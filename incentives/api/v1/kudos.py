"""Kudos from a program that people write in, such as a chat: given in somebody's name."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from incentives.api.v1.activity_schema import MISSING, Strict, Text
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.loading import loaded
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.give_kudos import give_kudos
from incentives.store.audit import API
from incentives.store.people import called

blueprint = make_blueprint("kudos", "Thanks from one person to others.")
_NOT_GIVEN = "The kudos were not given."


class KudosSchema(Strict):
    """`giver` thanks each of `to`, which counts in the month's allowance of the giver."""

    giver = Text(required=True, metadata={"description": "By code or e-mail."})
    to = fields.List(
        Text(),
        required=True,
        error_messages={"required": MISSING, "invalid": "Write a list of codes or e-mails."},
    )
    message = Text(required=True)
    label = Text(load_default=None, allow_none=True)


class GivenSchema(Schema):
    key = fields.String()


@blueprint.route("/kudos", methods=["POST"])
@blueprint.doc(summary="Give kudos", requestBody=takes(KudosSchema))
@at_most_once
@blueprint.response(201, GivenSchema)
@needs_scope("kudos:write")
def create() -> Response:
    """Answers with the key under which they stand in the feed."""
    said = loaded(KudosSchema(), code="kudos", refusal=_NOT_GIVEN)
    known = called({said["giver"], *said["to"]})
    _refuse_unknown(said, known)
    kudos_id = give_kudos(
        [known[name] for name in said["to"]],
        said["message"],
        said["label"],
        by=known[said["giver"]],
        now=now(),
        via=API,
    )
    answer = jsonify({"key": f"kudos-{kudos_id}"})
    answer.status_code = 201
    return answer


def _refuse_unknown(said: dict[str, Any], known: dict[str, int]) -> None:
    problems = {}
    if said["giver"] not in known:
        problems["giver"] = [f"Nobody is called {said['giver']}. Write a code or an e-mail."]
    unknown = [name for name in said["to"] if name not in known]
    if unknown:
        problems["to"] = [f"Nobody is called {unknown[0]}. Write a code or an e-mail."]
    if problems:
        raise Invalid("kudos", _NOT_GIVEN, fields=problems)
