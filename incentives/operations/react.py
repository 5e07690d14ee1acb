"""React to something in the feed, or take the reaction back."""

from datetime import datetime

from incentives.core.boards.privacy import Viewer
from incentives.core.recognition import REACTIONS
from incentives.errors import Invalid
from incentives.live.announce import announce
from incentives.operations.read_feed_item import read_feed_item
from incentives.operations.take_part import taking_part
from incentives.store.recognition import count_change
from incentives.store.responses import Reaction
from incentives.store.transaction import writing


def react(key: str, reaction: str, viewer: Viewer, *, now: datetime) -> None:
    """Give a reaction, or take the same one back. A press of a button is not noted in the audit.

    Raises NotFound, Invalid, or Refused for whoever is hidden.
    """
    if reaction not in REACTIONS:
        raise Invalid("reaction", f"Choose one of {', '.join(REACTIONS.values())}.")
    person_id = taking_part(viewer)
    read_feed_item(key, viewer, now=now)
    with writing() as session:
        found = session.get(Reaction, (key, person_id, reaction))
        if found is None:
            session.add(Reaction(subject=key, person_id=person_id, reaction=reaction, at=now))
        else:
            session.delete(found)
        count_change(session)
    announce()
