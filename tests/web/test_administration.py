"""The administrator's pages: what is typed is done, or said what to write instead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations.sessions import open_session, sign_in
from incentives.store import markers, people, teams
from incentives.store.audit import entries_about
from incentives.store.companies import the_company
from tests.web.forms import hidden
from tests.world import PASSWORD


@pytest.fixture
def sam(world):
    world.login("Sam Okafor", "administrator")
    return world.sign_in("Sam")


def sent(answer, status=302):
    assert answer.status_code == status, answer.text
    db.session.expire_all()
    return answer


def test_a_new_person_joins_a_team_from_a_day_on(world, sam):
    world.team("East")
    sent(
        sam.post(
            "/people/new",
            data={
                "name": "Ana  Silva",
                "email": "Ana@Example.com",
                "is_payee": "1",
                "team": "east",
                "first_day": "2026-11-01",
            },
        )
    )
    ana = people.person_by_code("ana-silva")
    assert (ana.name, ana.email, ana.is_payee) == ("Ana Silva", "ana@example.com", True)
    assert teams.membership_on(ana.id, date(2026, 11, 1)).team.name == "East"
    assert teams.membership_on(ana.id, date(2026, 10, 31)) is None


def test_what_is_missing_is_said_beside_what_was_typed(world, sam):
    answer = sent(sam.post("/people/new", data={"name": "", "email": "a@b.c"}), 422)
    assert "Write a name." in answer.text
    assert 'value="a@b.c"' in answer.text
    taken = {"name": "Eve", "email": "a@b.c"}
    sent(sam.post("/people/new", data=taken))
    assert "has this e-mail already" in sent(sam.post("/people/new", data=taken), 422).text


def test_what_is_not_asked_for_is_not_taken(world, sam):
    """Mass assignment: fields of the table that the form does not have."""
    world.payee("Ana Silva")
    before = people.person_by_code("ana-silva").id
    sent(
        sam.post(
            "/people/ana-silva",
            data={
                "name": "Ana Silva",
                "is_payee": "1",
                "id": "999",
                "code": "root",
                "role": "administrator",
                "retired_on": "2020-01-01",
            },
        )
    )
    ana = people.person_by_code("ana-silva")
    assert (ana.id, ana.login, ana.retired_on) == (before, None, None)


def test_a_move_keeps_history_and_counts_from_its_day(world, sam):
    ana = world.payee("Ana Silva", team="East")
    world.team("West")
    sent(sam.post("/people/ana-silva/team", data={"team": "west", "first_day": "2026-11-10"}))
    assert teams.membership_on(ana, date(2026, 11, 9)).team.name == "East"
    assert teams.membership_on(ana, date(2026, 11, 10)).team.name == "West"
    assert ana in markers.stale_payees()


def test_a_sign_in_is_given_changed_and_taken(world, app, sam):
    world.payee("Ana Silva")
    form = {"login_email": "ana@example.com", "role": "rep", "password": "short"}
    assert "at least 10" in sent(sam.post("/people/ana-silva/sign-in", data=form), 422).text
    sent(sam.post("/people/ana-silva/sign-in", data={**form, "password": PASSWORD}))
    ana = world.sign_in("Ana")
    assert ana.get("/account").status_code == 200
    # Without a password the present one stays; the new role ends what was open.
    sent(sam.post("/people/ana-silva/sign-in", data={**form, "role": "manager", "password": ""}))
    assert ana.get("/account").status_code == 302
    assert world.sign_in("Ana").get("/account").status_code == 200
    sent(sam.post("/people/ana-silva/sign-in/end"))
    assert people.person_by_code("ana-silva").login.disabled_at is not None


def test_the_last_administrator_cannot_lock_everybody_out(world, sam):
    for path, data in (
        ("/people/sam-okafor/sign-in/end", {}),
        ("/people/sam-okafor/retirement", {"on": "2026-11-18"}),
        ("/people/sam-okafor/sign-in", {"login_email": "sam@example.com", "role": "rep"}),
    ):
        page = sam.post(path, data=data, follow_redirects=True)
        assert "is the only administrator" in page.text
    assert sam.get("/people").status_code == 200


def test_who_leaves_is_signed_out_and_may_come_back(world, sam):
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    browser = world.sign_in("Ana")
    sent(sam.post("/people/ana-silva/retirement", data={"on": "2026-11-18"}))
    assert browser.get("/account").status_code == 302
    assert "Ana Silva" not in sam.get("/people").text
    assert "Ana Silva" in sam.get("/people?state=retired").text
    sent(sam.post("/people/ana-silva/return"))
    assert people.person_by_code("ana-silva").retired_on is None


def test_who_leaves_later_signs_in_until_that_day_begins(world, sam):
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    browser = world.sign_in("Ana")
    first_day_away = (datetime.now(UTC) + timedelta(days=2)).date()
    sent(sam.post("/people/ana-silva/retirement", data={"on": first_day_away.isoformat()}))
    assert browser.get("/account").status_code == 200
    page = sam.get("/people/ana-silva").text
    assert "Until then they sign in as before." in page
    assert "Cannot sign in" not in page
    assert "Ana Silva" in sam.get("/people").text
    world.sign_in("Ana")
    # Another role in the meantime does not give them a sign-in for ever.
    sent(
        sam.post(
            "/people/ana-silva/sign-in", data={"login_email": "ana@example.com", "role": "manager"}
        )
    )
    with world.sign_in("Ana").session_transaction() as session:
        token = session["_user_id"]
    midnight = the_company().calendar.start_of(first_day_away)
    assert open_session(token, now=midnight - timedelta(seconds=1)) is not None
    assert open_session(token, now=midnight) is None
    with pytest.raises(Invalid):
        sign_in("ana@example.com", PASSWORD, now=midnight)


def test_who_stays_after_all_keeps_the_sign_in_and_a_taken_one_stays_taken(world, sam):
    for name in ("Ana Silva", "Bo Lind"):
        world.login(name, "rep", person_id=world.payee(name))
    later = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    sent(sam.post("/people/bo-lind/sign-in/end"))
    for code in ("ana-silva", "bo-lind"):
        sent(sam.post(f"/people/{code}/retirement", data={"on": later}))
        sent(sam.post(f"/people/{code}/return"))
    ana, bo = people.person_by_code("ana-silva"), people.person_by_code("bo-lind")
    assert ana.login.disabled_at is None
    assert not bo.login.may_sign_in(datetime.now(UTC))


def test_who_has_earned_goes_on_earning(world, sam):
    ana = world.payee("Ana Silva")
    world.deal(ana, "100")
    answer = sent(sam.post("/people/ana-silva", data={"name": "Ana Silva"}), 422)
    assert "Retire them instead" in answer.text


def test_people_are_found_by_words_role_and_team(world, sam):
    world.payee("Ana Silva", team="East")
    world.payee("Bo Lind", team="West")
    for query, found, not_found in (
        ("q=sil+ana", "Ana Silva", "Bo Lind"),
        ("team=west", "Bo Lind", "Ana Silva"),
        ("role=none", "Bo Lind", "sam@example.com"),
        ("q=%25", "Nobody fits", "Ana Silva"),
        ("offset=99", "Nobody fits", "Ana Silva"),
    ):
        text = sam.get(f"/people?{query}").text
        assert found in text, query
        assert not_found not in text, query


def test_teams_are_made_nested_and_given_a_manager(world, sam):
    world.login("Max", "manager")
    sent(sam.post("/teams/new", data={"name": "East", "colour": "2"}))
    sent(sam.post("/teams/new", data={"name": "Field", "parent": "east", "colour": "2"}))
    assert teams.team_by_code("field").parent.name == "East"
    circle = sam.post("/teams/east", data={"name": "East", "parent": "field", "colour": "2"})
    assert "cannot be inside itself" in sent(circle, 422).text
    sent(sam.post("/teams/east/manager", data={"manager": "max", "first_day": "2026-11-01"}))
    max_id = people.person_by_code("max").id
    inside = {teams.team_by_code("east").id, teams.team_by_code("field").id}
    assert teams.teams_managed_by(max_id, date(2026, 11, 1)) == inside
    assert teams.teams_managed_by(max_id, date(2026, 10, 31)) == set()


def test_a_new_manager_takes_over_on_their_first_day(world, sam):
    old, new = world.login("Max", "manager", manages="East"), world.login("Nia", "manager")
    sent(sam.post("/teams/east/manager", data={"manager": "nia", "first_day": "2026-11-10"}))
    assert teams.teams_managed_by(old, date(2026, 11, 9))
    assert not teams.teams_managed_by(old, date(2026, 11, 10))
    assert teams.teams_managed_by(new, date(2026, 11, 10))


def test_who_leaves_later_may_still_be_set_as_manager(world, sam):
    world.team("East")
    world.login("Max", "manager")
    offered = '<option value="max"'
    for days, is_offered in ((2, True), (0, False)):
        day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
        sent(sam.post("/people/max/retirement", data={"on": day}))
        assert (offered in sam.get("/teams/east").text) is is_offered


def test_a_team_with_members_stays(world, sam):
    world.payee("Ana Silva", team="East")
    page = sam.post("/teams/east/retirement", follow_redirects=True)
    assert "has members" in page.text
    world.team("West")
    sent(sam.post("/teams/west/retirement"))
    assert teams.team_by_code("west").retired_on is not None
    sent(sam.post("/teams/west/return"))
    assert teams.team_by_code("west").retired_on is None


def test_another_name_of_a_team_is_drawn_on_its_boards(world, sam):
    ana = world.payee("Ana Silva", team="East")
    world.refresh()
    sent(sam.post("/teams/east", data={"name": "Far East", "colour": "3"}))
    assert markers.stale_payees() == [ana]


def company_form(**fields):
    return {
        "name": "Halyard",
        "time_zone": "UTC",
        "currency": "USD",
        "fiscal_start_month": "1",
        "year_named_after": "start",
        "weeks_pattern": "",
        "year_ends_on": "5",
        "year_end_rule": "nearest",
    } | fields


def test_what_another_administrator_saved_meanwhile_is_not_overwritten(world, sam):
    shown = hidden(sam.get("/company").text, "shown")
    sent(sam.post("/company", data=company_form(time_zone="America/Chicago", shown=shown)))
    late = company_form(name="Other", shown=shown)
    refused = sam.post("/company", data=late)
    assert refused.status_code == 409
    assert "It was changed in another window meanwhile" in refused.text
    assert (the_company().name, the_company().time_zone) == ("Halyard", "America/Chicago")
    shown = hidden(refused.text, "shown")
    sent(sam.post("/company", data={**late, "shown": shown}))
    assert the_company().name == "Other"


def test_another_zone_calculates_everybody_anew_and_another_name_nobody(world, sam):
    ana = world.payee("Ana Silva")
    world.refresh()
    sent(sam.post("/company", data=company_form(time_zone=the_company().time_zone)))
    assert the_company().name == "Halyard"
    assert markers.stale_payees() == []
    sent(sam.post("/company", data=company_form(time_zone="America/Chicago")))
    assert markers.stale_payees() == [ana]


def test_months_may_be_weeks_of_a_retail_year(world, sam):
    ana = world.payee("Ana Silva")
    world.refresh()
    retail = {"fiscal_start_month": "2", "weeks_pattern": "4-5-4", "time_zone": "UTC"}
    sent(sam.post("/company", data=company_form(**retail)))
    assert the_company().calendar.period_of(date(2024, 2, 3), "month").key == "2023-P12"
    assert markers.stale_payees() == [ana]
    assert entries_about(1)[0].after["months are"] == "4-5-4"
    assert '<option value="4-5-4" selected>' in sam.get("/company").text


def test_a_fiscal_year_may_be_named_after_its_end(sam):
    sent(sam.post("/company", data=company_form(fiscal_start_month="7", year_named_after="end")))
    assert the_company().calendar.period_of(date(2026, 7, 1), "year").key == "2027"


def test_the_currency_stays_once_something_counts_in_it(world, sam):
    sent(sam.post("/company", data=company_form(currency="EUR")))
    assert the_company().currency == "EUR"
    sent(sam.post("/company", data=company_form(currency="USD")))
    world.deal(world.payee("Ana Silva"), "100")
    answer = sent(sam.post("/company", data=company_form(currency="EUR")), 422)
    assert "are kept in USD" in answer.text


def test_a_zone_or_month_that_is_none_is_refused(sam):
    for field, value in (
        ("time_zone", "Mars/Base"),
        ("time_zone", "../etc/passwd"),
        ("fiscal_start_month", "13"),
        ("year_named_after", "me"),
        ("weeks_pattern", "5-5-5"),
        ("year_ends_on", "7"),
        ("year_end_rule", "first"),
        ("currency", "dollars"),
        ("name", " "),
    ):
        sent(sam.post("/company", data=company_form(**{field: value})), 422)


def test_the_audit_says_who_changed_what_from_what_to_what(world, sam):
    world.payee("Ana Silva")
    sent(sam.post("/people/ana-silva", data={"name": "Ana Costa", "is_payee": "1"}))
    entry = entries_about(1)[0]
    assert (entry.action, entry.actor.name) == ("person changed", "Sam Okafor")
    page = sam.get("/audit?q=ana+costa").text
    assert "<del>Ana Silva</del>" in page
    assert "<ins>Ana Costa</ins>" in page
    assert "Nothing fits" in sam.get("/audit?q=%25%25").text
    assert sam.get("/audit?before=99999999999999999999&actor=x").status_code == 200


def test_names_are_text_wherever_they_stand(world, sam):
    name = '<img src=x onerror="alert(1)">'
    sent(sam.post("/people/new", data={"name": name}))
    for path in ("/people", "/audit"):
        text = sam.get(path).text
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text
