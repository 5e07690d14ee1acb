"""What every page has: navigation by role, the signed-in person, and how figures are written."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from incentives import access
from incentives.store.companies import the_company
from incentives.tokens import token_hash
from incentives.web import formats


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Account:
    """`sign_in` names this signed-in browser: its tabs may share what they are sent, and no tab of
    somebody who was signed in before."""

    name: str
    role_label: str
    entrant_id: int | None
    sign_in: str


# Label, blueprint, icon; at most six for each role.
_NAVIGATION = {
    access.REP: [
        ("My day", "my_day.show", "sun"),
        ("Boards", "boards.index", "list-numbers"),
        ("Contests", "contests.index", "flag"),
        ("Feed", "feed.show", "message"),
        ("Earnings", "earnings.index", "wallet"),
        ("Badges", "badges.index", "award"),
    ],
    access.MANAGER: [
        ("Team", "team.show", "users"),
        ("Boards", "boards.index", "list-numbers"),
        ("Contests", "contests.index", "flag"),
        ("Plans", "plans.index", "adjustments"),
        ("Earnings", "earnings.index", "wallet"),
        ("Data", "data.index", "database"),
    ],
    access.FINANCE: [
        ("Payouts", "payouts.index", "cash"),
        ("Plans", "plans.index", "adjustments"),
        ("Earnings", "earnings.index", "wallet"),
        ("Boards", "boards.index", "list-numbers"),
        ("Audit", "audit.index", "shield-check"),
        ("Data", "data.index", "database"),
    ],
    access.ADMINISTRATOR: [
        ("People", "people.index", "users"),
        ("Boards", "boards.index", "list-numbers"),
        ("Data", "data.index", "database"),
        ("Keys", "api_keys.index", "key"),
        ("Audit", "audit.index", "shield-check"),
        ("System", "system.show", "settings"),
    ],
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def every_page() -> dict[str, Any]:
        if not current_user.is_authenticated:
            return {"navigation": [], "account": None, "may": lambda _: False}
        login = access.signed_in()
        return {
            "navigation": navigation(login.role),
            "account": Account(
                login.person.name,
                access.ROLES[login.role],
                login.person_id if login.person.is_payee else None,
                token_hash(current_user.token)[:12],
            ),
            "company": the_company(),
            "may": access.may,
        }


def navigation(role: str) -> list[NavigationItem]:
    return [
        NavigationItem(label, url_for(endpoint), icon, _is_within(url_for(endpoint)))
        for label, endpoint, icon in _NAVIGATION[role]
    ]


# Pages that are reached from a section without standing below its address.
_REACHED_FROM = {
    "/quotas": ("/team", "/people"),
    "/ratings": ("/team", "/people"),
    "/teams": ("/people",),
    "/company": ("/system",),
    "/exchange-rates": ("/data",),
    "/walls": ("/boards",),
    "/activities": ("/my-day", "/data"),
    "/kudos": ("/feed",),
    "/announcements": ("/feed",),
}


def _is_within(address: str) -> bool:
    """Whether this page is the one at an address, below it, or reached from it."""
    section = "/" + request.path.split("/")[1]
    return section == address or address in _REACHED_FROM.get(section, ())


def home_of(role: str) -> str:
    """Where a person of this role begins."""
    return url_for(_NAVIGATION[role][0][1])
