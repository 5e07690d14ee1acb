"""One browser looks, another one acts: the board moves without a reload."""

import json
import re
import time
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from incentives.extensions import db
from incentives.operations.change_boards import edit_board
from incentives.store.boards import board_by_slug

pytestmark = [pytest.mark.browser, pytest.mark.process]

PLAYER = re.compile("^Player ")


def post_deal(service, key, payee, amount, external_id):
    """Through the API, as a CRM would; the time of the answer."""
    body = {
        "source": "crm",
        "external_id": external_id,
        "kind": "deal_won",
        "payee": payee,
        "amount": amount,
        "currency": "USD",
        "occurred_at": datetime.now(UTC).isoformat(),
        "attributes": {"product": "GTX Pro", "account": "Betasoloin"},
    }
    request = urllib.request.Request(
        f"{service.url}/api/v1/activities",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201
    return time.monotonic()


def names(page):
    return page.locator("#board-rows .who-name").all_inner_texts()


def test_a_posted_deal_moves_the_open_board_of_somebody_else(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    expect(bo.locator("[data-live-word]")).to_have_text("Live")
    assert names(bo) == ["Ana Silva", "Bo Lind", "Cy Okoro"]
    posted = post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    expect(bo.locator("#board-rows tr").first.locator(".who-name")).to_have_text("Cy Okoro")
    assert time.monotonic() - posted < 5  # on an idle machine far below one second; see bin/bench
    assert names(bo) == ["Cy Okoro", "Ana Silva", "Bo Lind"]
    own = bo.locator(f"#standing-{company.bo}")
    expect(own).to_have_class(re.compile(r"\bis-you\b"))
    expect(bo.locator("#dock")).to_contain_text("3")


def test_a_board_finds_back_after_the_server_was_killed(service, company, sign_in):
    ana = sign_in("Ana Silva")
    ana.goto(f"{service.url}/boards/revenue")
    expect(ana.locator("[data-live-word]")).to_have_text("Live")
    service.kill_web()
    expect(ana.locator("[data-live-word]")).to_have_text("Reconnecting", timeout=10_000)
    service.processes["web"] = service.start_web()
    service.wait_until_ready()
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    expect(ana.locator("#board-rows tr").first.locator(".who-name")).to_have_text(
        "Cy Okoro", timeout=45_000
    )


def test_twelve_tabs_of_one_person_share_a_stream_and_all_move(service, company, sign_in):
    first = sign_in("Bo Lind")
    tabs = [first, *(first.context.new_page() for _ in range(11))]
    for tab in tabs:
        tab.goto(f"{service.url}/boards/revenue")
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    for tab in tabs:
        expect(tab.locator("#board-rows tr").first.locator(".who-name")).to_have_text("Cy Okoro")


def test_an_opened_why_panel_stays_open_while_the_board_moves(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    bo.get_by_role("button", name="Why is Bo Lind here?").click()
    panel = bo.locator(f"#why-{company.bo}")
    expect(panel).to_contain_text("Why am I here?")
    expect(panel).to_contain_text("1 activity makes your score")
    post_deal(service, company.key, "bo-lind", "1000.00", "B2")
    expect(bo.locator("#board-rows tr").first.locator(".who-name")).to_have_text("Bo Lind")
    expect(panel).to_contain_text("2 activities make your score")


def test_who_is_signed_out_elsewhere_gets_no_more_of_the_stream(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    other = bo.context.new_page()
    other.goto(f"{service.url}/boards/revenue")
    other.locator("header details.menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in**")
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    bo.wait_for_url("**/sign-in**", timeout=60_000)


def test_without_streams_the_same_rows_are_polled(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.context.route("**/live?**", lambda route: route.abort())
    bo.goto(f"{service.url}/boards/revenue")
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    expect(bo.locator("#board-rows tr").first.locator(".who-name")).to_have_text(
        "Cy Okoro", timeout=30_000
    )


def test_an_open_board_that_changes_whom_it_shows_is_loaded_anew_and_never_empty(
    service, company, sign_in
):
    bo = sign_in("Bo Lind")
    bo.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
            if (document.querySelectorAll("#board-live tbody tr").length) return;
            sessionStorage.setItem("was", "empty");
        }).observe(document.body, {childList: true, subtree: true}));"""
    )
    bo.goto(f"{service.url}/boards/revenue")
    expect(bo.locator("[data-live-word]")).to_have_text("Live")
    own = bo.locator("#board-rows tr.is-you")
    for form, rows in (("pseudonym", 3), ("self", 1), ("named", 3)):
        said = {**board_by_slug("revenue").document, "privacy": {"everyone": {"form": form}}}
        edit_board("revenue", said, by=None, now=datetime.now(UTC))
        db.session.remove()
        shown = bo.locator(f"#board-live[data-form={form}] #board-rows tr")
        expect(shown).to_have_count(rows, timeout=30_000)
        expect(own.locator(".who-name")).to_have_text("Bo Lind" if form != "pseudonym" else PLAYER)
    assert bo.evaluate("sessionStorage.getItem('was')") is None
    assert not bo.get_by_text("Nobody has scored yet.").count()


def test_a_cheer_sounds_as_it_says_and_never_where_calm_is_wished_for(service, company, sign_in):
    page = sign_in("Ana Silva")
    sounded = """(how) => {
        let notes = 0;
        const begin = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
            notes += 1;
            return begin.call(this);
        };
        document.body.dataset.quiet = "";
        const cheer = document.createElement("li");
        cheer.dataset.how = how;
        cheer.innerHTML = "<b>Ana Silva</b><span>takes the lead</span>";
        celebrate([cheer]);
        return notes;
    }"""
    for motion, how, notes in (
        ("no-preference", "with_sound", 2),
        ("no-preference", "silent", 0),
        ("reduce", "with_sound", 0),
    ):
        page.emulate_media(reduced_motion=motion)
        page.goto(f"{service.url}/boards/revenue")
        assert page.evaluate(sounded, how) == notes
        expect(page.locator("#celebrations")).to_have_text("Ana Silva takes the lead")
