"""What an address asks for, after its question mark."""

from typing import Any

from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser

from incentives.errors import Invalid


class QueryParser(FlaskParser):
    """Says what to write in the address, in the form of every other error."""

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> Any:
        found = error.messages_dict["query"]
        raise Invalid("query", "The address asks for what there is not.", fields=found)
