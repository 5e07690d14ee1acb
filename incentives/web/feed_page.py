"""What the feed looks like: each win and each thanks as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from incentives.core.recognition import BADGE, CONTEST, DEAL, KUDOS, LEAD, MILESTONE
from incentives.operations.feed_items import Answered, CommentSeen, FeedItem
from incentives.operations.wins import Named, Win
from incentives.store.companies import Company
from incentives.web import formats

_ICONS = {
    DEAL: "trophy",
    BADGE: "award",
    MILESTONE: "stairs-up",
    LEAD: "crown",
    CONTEST: "flag",
    KUDOS: "heart-handshake",
}
_KINDS = {
    DEAL: "Deal won",
    BADGE: "Badge",
    MILESTONE: "Milestone",
    LEAD: "New lead",
    CONTEST: "Contest won",
    KUDOS: "Kudos",
}
REACTION_ICONS = {
    "well_done": "thumb-up",
    "on_fire": "flame",
    "thanks": "heart-handshake",
    "celebrate": "confetti",
}


@dataclass(frozen=True, slots=True)
class ReactionView:
    slug: str
    label: str
    icon: str
    count: int
    is_mine: bool
    said: str


@dataclass(frozen=True, slots=True)
class CommentView:
    id: int
    author: str
    text: str
    at: str
    is_mine: bool
    hidden_reason: str | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """`sentence` is markup; `note` is what stands under it."""

    key: str
    kind: str
    icon: str
    sentence: Markup
    note: str
    text: str
    label: str
    at: str
    instant: str
    url: str
    about_me: bool
    is_mine: bool
    reactions: list[ReactionView]
    comments: list[CommentView]


def item_view(item: FeedItem, company: Company, *, me: int, now: datetime) -> ItemView:
    win = item.win
    return ItemView(
        key=win.key,
        kind=_KINDS[win.kind],
        icon=_ICONS[win.kind],
        sentence=_sentence(item),
        note=", ".join(filter(None, [win.note, _value(win)])),
        text=item.text,
        label=win.what if win.kind == KUDOS else "",
        at=when(win.at, company, now),
        instant=win.at.isoformat(),
        url=url_for("feed.show_item", key=win.key),
        about_me=any(person.id == me for person in win.people),
        is_mine=item.giver is not None and item.giver.id == me,
        reactions=[_reaction(each) for each in item.reactions],
        comments=[_comment(each, company, now) for each in item.comments],
    )


def when(at: datetime, company: Company, now: datetime) -> str:
    """14:32 today, else 12 Nov 14:32; the day alone for what came with a date only."""
    zone = company.calendar.zone
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = formats.time_told(local)
    if local.date() == today.date():
        return clock or "today"
    day = formats.short_day(local.date())
    if local.year != today.year:
        day = f"{day} {local.year}"
    return f"{day} {clock}".strip()


def name_list(people: Sequence[Named]) -> Markup:
    """Ana, Bo and Cy."""
    names = [Markup("<b>{}</b>").format(person.name) for person in people]
    if len(names) < 2:
        return Markup("").join(names)
    return Markup(", ").join(names[:-1]) + Markup(" and ") + names[-1]


def _sentence(item: FeedItem) -> Markup:
    win, who = item.win, name_list(item.people)
    match win.kind:
        case "deal":
            deal = _link("activities.show", win.what or "a deal", activity_id=win.activity_id)
            return who + Markup(" won ") + deal
        case "badge":
            return who + Markup(" earned the badge <b>{}</b>").format(win.what)
        case "milestone":
            return who + Markup(" reached <b>{}</b>").format(win.what)
        case "lead":
            return (
                who + Markup(" took the lead on ") + _link("boards.show", win.what, slug=win.slug)
            )
        case "contest":
            return who + Markup(" won ") + _link("contests.show", win.what, slug=win.slug)
    assert item.giver is not None, "thanks come from somebody"
    return name_list([item.giver]) + Markup(" thanks ") + who


def _link(endpoint: str, text: str, **values: object) -> Markup:
    address = url_for(endpoint, **values)  # type: ignore[arg-type]
    return Markup('<a class="strong" href="{}">{}</a>').format(address, text)


def _value(win: Win) -> str:
    """The deal's amount, or the score that was reached. Never pay."""
    if win.value is None:
        return ""
    if win.unit == "money" and win.currency:
        if win.kind == DEAL:
            return formats.worth(win.value, win.currency)
        return formats.money_whole(win.value, win.currency)
    unit = {"points": " points", "days": " days"}.get(win.unit, "")
    return f"{formats.number(win.value)}{unit}"


def _reaction(given: Answered) -> ReactionView:
    count = f"{given.count} so far" if given.count else "nobody yet"
    yours = ", yours is one of them" if given.is_mine else ""
    return ReactionView(
        given.reaction,
        given.label,
        REACTION_ICONS[given.reaction],
        given.count,
        given.is_mine,
        f"{given.label}, {count}{yours}",
    )


def _comment(written: CommentSeen, company: Company, now: datetime) -> CommentView:
    at = when(written.written_at, company, now)
    return CommentView(
        written.id,
        written.author.name,
        written.text,
        f"{at}, edited" if written.is_edited else at,
        written.is_mine,
        written.hidden_reason,
    )
