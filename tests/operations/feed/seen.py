"""Who looks at the feed in these tests, and what they see there."""

from incentives.core.boards.privacy import Viewer
from incentives.operations.read_feed import read_feed
from incentives.operations.read_feed_item import read_feed_item


def rep(person_id):
    return Viewer("rep", person_id)


def item(world, key, viewer):
    return read_feed_item(key, viewer, now=world.now)


def kudos(world, viewer, **asked):
    found = read_feed(viewer, now=world.now, **asked).items
    return [
        (i.giver.name, ", ".join(person.name for person in i.people), i.text)
        for i in found
        if i.kind == "kudos"
    ]
