"""Who may do what. Every route names its policy; one without is refused, and fails the tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden
from incentives.store import people, teams
from incentives.store.people import Login

REP, MANAGER, FINANCE, ADMINISTRATOR = "rep", "manager", "finance", "administrator"
ROLES = {REP: "Rep", MANAGER: "Manager", FINANCE: "Finance", ADMINISTRATOR: "Administrator"}

# What a role may do. Whose pay somebody sees is decided by `may_see_pay_of`, not here.
CAPABILITIES: dict[str, frozenset[str]] = {
    "sign_out": frozenset(ROLES),
    "own_account": frozenset(ROLES),
    "see_boards": frozenset(ROLES),
    "manage_boards": frozenset({MANAGER, ADMINISTRATOR}),
    "see_contests": frozenset(ROLES),
    "see_feed": frozenset(ROLES),
    "give_kudos": frozenset(ROLES),
    "moderate_feed": frozenset({MANAGER, ADMINISTRATOR}),
    "manage_announcements": frozenset({MANAGER, ADMINISTRATOR}),
    "manage_recognition": frozenset({ADMINISTRATOR}),
    "see_own_day": frozenset({REP}),
    "see_badges": frozenset({REP, MANAGER}),
    "see_earnings": frozenset({REP, MANAGER, FINANCE}),
    "record_activity": frozenset({REP, MANAGER}),
    "see_team": frozenset({MANAGER}),
    "see_plans": frozenset({MANAGER, FINANCE}),
    "manage_plans": frozenset({MANAGER}),
    "manage_contests": frozenset({MANAGER}),
    "manage_quotas": frozenset({MANAGER, ADMINISTRATOR}),
    "manage_ratings": frozenset({MANAGER, ADMINISTRATOR}),
    # What somebody is to earn at target tells of pay, which an administrator does not see.
    "manage_target_incentives": frozenset({MANAGER}),
    "import_data": frozenset({MANAGER, FINANCE, ADMINISTRATOR}),
    "see_payouts": frozenset({FINANCE}),
    "lock_pay": frozenset({FINANCE}),
    "adjust_pay": frozenset({FINANCE}),
    "manage_exchange_rates": frozenset({FINANCE}),
    "see_audit": frozenset({FINANCE, ADMINISTRATOR}),
    "manage_people": frozenset({ADMINISTRATOR}),
    "manage_company": frozenset({ADMINISTRATOR}),
    "manage_api_keys": frozenset({ADMINISTRATOR}),
    "see_system": frozenset({ADMINISTRATOR}),
}

PUBLIC = "public"
# Reads its key from the request and answers problem+json itself.
API_KEY = "api_key"

View = Callable[..., Any]


def requires(capability: str) -> Callable[[View], View]:
    """Say that a view needs a capability. It goes under the route, nearest the function."""
    assert capability in CAPABILITIES, f"{capability} is no capability"

    def mark(view: View) -> View:
        view.policy = capability  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Say that anybody may call a view, signed in or not."""
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def policy_of(app: Flask, endpoint: str) -> str | None:
    """The policy of a route; None where none was written."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "policy", None)


def check_policy() -> Any:
    """Runs before every request: nobody gets in by a route that names no policy."""
    if request.endpoint is None:
        return None
    policy = policy_of(current_app, request.endpoint)
    if policy in (PUBLIC, API_KEY):
        return None
    if policy is None:
        raise Forbidden("no_policy", "This page is not open to anybody.")
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if not may(policy):
        raise Forbidden("not_yours", _who_can(policy))
    return None


def insist(capability: str) -> None:
    """Refuse whoever may not do one part of what a page is for."""
    if not may(capability):
        raise Forbidden("not_yours", f"This is for {_roles_that_may(capability)}.")


def _who_can(policy: str) -> str:
    return f"This page is for {_roles_that_may(policy)}. You are signed in as {signed_in().role}."


def _roles_that_may(capability: str) -> str:
    return " and ".join(sorted(ROLES[role].lower() for role in CAPABILITIES[capability]))


def signed_in() -> Login:
    """The login of this request. Only called where a policy has made sure there is one."""
    login: Login = current_user._get_current_object().login
    return login


def viewer() -> Viewer:
    """Who looks at a board in this request."""
    login = signed_in()
    return Viewer(login.role, login.person_id)


def may(capability: str) -> bool:
    return current_user.is_authenticated and signed_in().role in CAPABILITIES[capability]


def may_see_pay_of(payee_id: int, day: date) -> bool:
    """Semantics 39: one's own, one's team's at that date, or all for finance. Never for an
    administrator."""
    login = signed_in()
    if login.role == FINANCE:
        return True
    if login.person_id == payee_id:
        return True
    if login.role == MANAGER:
        return payee_id in managed_payees(day)
    return False


def managed_payees(day: date) -> set[int]:
    """The payees in the signed-in manager's teams on a day."""
    team_ids = teams.teams_managed_by(signed_in().person_id, day)
    return {person.id for person in teams.team_members(team_ids, day)} if team_ids else set()


def reached_payees(day: date) -> set[int]:
    """Whose quotas and ratings the signed-in person sees to: an administrator those of all who are
    here, a manager those of the people in the own teams on a day."""
    if signed_in().role == ADMINISTRATOR:
        return {payee.id for payee in people.payees() if not payee.has_left(day)}
    return managed_payees(day)


def accounts_of(login: Login) -> set[str]:
    """What a plan may call somebody who rates others, in small letters: e-mails and code."""
    return {
        name.casefold() for name in (login.email, login.person.email, login.person.code) if name
    }


def may_see_rating_of(payee_id: int, day: date, *, rated_by: str) -> bool:
    """One's own, what one has rated, and of those whose pay or ratings one sees to."""
    return (
        may_see_pay_of(payee_id, day)
        or rated_by.casefold() in accounts_of(signed_in())
        or signed_in().role == ADMINISTRATOR
    )


def payees_whose_pay_i_see(day: date) -> list[int]:
    """For lists: the payees whose pay the signed-in person may see on a day."""
    login = signed_in()
    if login.role == FINANCE:
        return people.payee_ids()
    if login.role == MANAGER:
        return sorted(managed_payees(day) | {login.person_id})
    return [login.person_id] if login.role == REP else []
