"""Refusals: what a user may not do now, said in the user's words, and turned into HTTP once."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """An operation that was not done. `code` is stable for programs, `message` is for people.

    `fields` names what to write instead, by form field.
    """

    status = 409

    def __init__(
        self, code: str, message: str, *, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


class Invalid(Refused):
    """The input does not say something that can be done. Each field says what to write."""

    status = 422


class NotFound(Refused):
    """There is no such thing, or it is not yours to know about."""

    status = 404

    def __init__(self, message: str = "There is nothing at this address.") -> None:
        super().__init__("not_found", message)


class Forbidden(Refused):
    """Signed in, but not as somebody who may do this."""

    status = 403
