"""Who may call what, for every route there is: a new one without a policy fails here."""

import pytest
from flask import Blueprint

from incentives.access import API_KEY, CAPABILITIES, PUBLIC, ROLES, policy_of
from incentives.discovery import found_in

ANONYMOUS = "anonymous"

# Values for the parts of addresses: real ones where there are some, so that pages are reached.
PARTS = {
    "slug": "revenue",
    "code": "ana-silva",
    "period": "2026-11",
    "person_id": 1,
    "payee_id": 1,
    "token": "none",
    "key": "none",
}


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app, rule):
    values = {name: PARTS.get(name, 1) for name in rule.arguments}
    # Somebody who does not sign in here, so that nobody is signed out while the test goes on.
    if rule.endpoint.startswith("people."):
        values = {"code": "bo-lind"} if values else {}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.fixture
def company(world):
    """Somebody of each role, a payee among them, and something to look at."""
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.login("Ana Silva", "rep", person_id=ana)
    world.payee("Bo Lind")
    world.login("Max", "manager", manages="East")
    world.login("Fay", "finance")
    world.login("Sam", "administrator")
    world.deal(ana, "400")
    world.refresh()
    return {
        ANONYMOUS: world.app.test_client(),
        "rep": world.sign_in("Ana"),
        "manager": world.sign_in("Max"),
        "finance": world.sign_in("Fay"),
        "administrator": world.sign_in("Sam"),
    }


def test_every_route_names_a_policy(app):
    without = [rule.rule for rule in routes(app) if policy_of(app, rule.endpoint) is None]
    assert without == []


def test_every_policy_is_one_that_exists(app):
    for rule in routes(app):
        assert policy_of(app, rule.endpoint) in {PUBLIC, API_KEY, *CAPABILITIES}, rule.rule


def test_every_page_belongs_to_a_blueprint_that_is_found(app):
    assert {blueprint.name for blueprint in found_in("incentives.web", "blueprint")} <= set(
        app.blueprints
    )


@pytest.mark.own_app
def test_a_route_without_a_policy_is_open_to_nobody(app, world):
    forgotten = Blueprint("forgotten", __name__)

    @forgotten.get("/forgotten")
    def show():
        return "secret"

    app.register_blueprint(forgotten)
    world.login("Sam", "administrator")
    for client in (app.test_client(), world.sign_in("Sam")):
        answer = client.get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def allowed(policy, role):
    return policy == PUBLIC or (policy in CAPABILITIES and role in CAPABILITIES[policy])


def test_every_route_answers_each_role_as_its_policy_says(app, company):
    for rule in routes(app):
        policy = policy_of(app, rule.endpoint)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            for role, client in company.items():
                if rule.endpoint == "signin.delete":
                    continue
                answer = client.open(address(app, rule), method=method)
                said = f"{method} {rule.rule} for {role}: {answer.status_code}"
                # 503 is what /readyz says where no worker runs.
                assert answer.status_code < 500 or rule.endpoint == "health.ready", said
                if policy == API_KEY:
                    assert answer.status_code == 401, said
                elif role == ANONYMOUS and policy != PUBLIC:
                    assert answer.status_code == 302, said
                    assert "/sign-in" in answer.headers["Location"], said
                elif not allowed(policy, role):
                    assert answer.status_code == 403, said
                else:
                    assert answer.status_code != 401, said


def test_who_may_is_let_in(company):
    """So that the test above cannot pass by refusing everybody."""
    for role, path in (
        ("rep", "/my-day"),
        ("manager", "/team"),
        ("finance", "/payouts/2026-11"),
        ("administrator", "/people"),
        ("administrator", "/teams"),
        ("administrator", "/company"),
        ("administrator", "/api-keys"),
        ("administrator", "/system"),
        ("finance", "/audit"),
        *((role, "/account") for role in ROLES),
        *((role, "/boards/revenue") for role in ROLES),
    ):
        assert company[role].get(path).status_code == 200, (role, path)


def test_an_administrator_sees_no_pay(company):
    for path in ("/earnings", "/payouts", "/my-day"):
        assert company["administrator"].get(path).status_code == 403
