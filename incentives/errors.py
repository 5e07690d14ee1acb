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


class Taken(Refused):
    """Somebody else was a moment quicker with the same name, id or day."""

    def __init__(self) -> None:
        super().__init__(
            "taken",
            "Something of this name was stored a moment ago, by somebody else or by sending the "
            "form twice. Load the page again: if it is not what you meant, choose another name.",
        )


class Unavailable(Refused):
    """The database cannot do it just now; in a moment it may well."""

    status = 503
    retry_after_seconds = 2

    def __init__(
        self,
        code: str = "busy",
        message: str = "The database cannot take this just now, so nothing was stored. Send the "
        "same again in a moment.",
    ) -> None:
        super().__init__(code, message)


class OutOfSpace(Unavailable):
    """The disk of the database takes no more."""

    status = 507
    retry_after_seconds = 30

    def __init__(self) -> None:
        super().__init__(
            "disk_full",
            "The disk of the database is full, so nothing was stored. Send the same again when "
            "there is room.",
        )
