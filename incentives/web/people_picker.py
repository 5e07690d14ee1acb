"""People to choose several of by name, as the form of a board offers them, kept by code."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from incentives.access import requires
from incentives.store import people

blueprint = Blueprint("people_picker", __name__)

# Offered at a time; a longer part of the name finds the others.
OFFERED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """`note` is the code, where two people have one name."""

    code: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picker:
    """`offered` are found by `wanted`, besides who is `chosen`; `more` are left out."""

    name: str
    chosen: Sequence[Choice]
    offered: Sequence[Choice]
    more: int
    wanted: str


@blueprint.get("/boards/new/people")
@requires("manage_boards")
def index() -> ResponseReturnValue:
    """Those found by a part of the name; who is chosen already stays."""
    name = request.args.get("field", "")
    found = picker(name, request.args.getlist(name), request.args.get(f"{name}-find", ""))
    return render_template("people/_choices.html", picker=found)


def picker(name: str, chosen: Sequence[str], wanted: str) -> Picker:
    """What a field shows. A code that nobody has stays, so that the refusal of it can be read."""
    everybody = dict(people.payee_names())
    shared = Counter(each.casefold() for each in everybody.values())

    def choice(code: str) -> Choice:
        called = everybody.get(code, code)
        return Choice(code, called, code if shared[called.casefold()] > 1 else "")

    words = " ".join(wanted.split())[:80].casefold()
    others = [
        code
        for code, called in everybody.items()
        if words and words in called.casefold() and code not in chosen
    ]
    return Picker(
        name=name,
        chosen=[choice(code) for code in dict.fromkeys(chosen) if code],
        offered=[choice(code) for code in others[:OFFERED]],
        more=max(0, len(others) - OFFERED),
        wanted=wanted,
    )
