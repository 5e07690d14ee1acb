"""What a board does while people look at it: rows move in the order of the API, one sentence is
spoken, nothing moves for those who wish for calm, and a wall screen ends with its link."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from incentives.operations.change_boards import edit_board
from incentives.operations.change_wall_screens import create_wall_screen, revoke_wall_screen
from incentives.store.wall_screens import all_screens
from tests.browser.test_every_page import serious_findings
from tests.browser.test_live_board import names, post_deal

pytestmark = [pytest.mark.browser, pytest.mark.process]


def standings(service, key):
    request = urllib.request.Request(
        f"{service.url}/api/v1/boards/revenue/standings", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return [row["entrant"]["name"] for row in json.load(answer)["standings"]]


def is_live(page):
    expect(page.locator("[data-live-word]")).to_have_text("Live", timeout=30_000)


def test_after_a_burst_every_browser_shows_the_order_of_the_api(service, company, sign_in):
    pages = [sign_in(name) for name in ("Ana Silva", "Bo Lind", "Max Manager")]
    for page in pages:
        page.goto(f"{service.url}/boards/revenue")
        is_live(page)
    for number in range(12):
        who = ("ana-silva", "bo-lind", "cy-okoro")[number % 3]
        post_deal(service, company.key, who, f"{100 + 37 * (number % 5)}.00", f"B{number}")
    post_deal(service, company.key, "cy-okoro", "5000.00", "last")
    for page in pages:
        expect(page.locator("#board-rows tr").first.locator(".who-name")).to_have_text(
            "Cy Okoro", timeout=30_000
        )
        expect(page.locator("#board-rows .who-name")).to_have_text(standings(service, company.key))


def test_one_sentence_is_spoken_and_the_lead_is_celebrated(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    is_live(bo)
    # It is gone again in two seconds, which a busy machine may not see.
    bo.evaluate(
        """() => { window.thrown = 0;
        new MutationObserver((changes) => { for (const { addedNodes } of changes)
            for (const node of addedNodes) window.thrown += node.matches?.("canvas.confetti") || 0;
        }).observe(document.body, { childList: true }); }"""
    )
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    expect(bo.locator(".cheer").first).to_have_text("Cy Okoro takes the lead with 1,500")
    assert bo.evaluate("window.thrown") == 1
    expect(bo.locator("#announcer")).to_have_text(
        "Cy Okoro takes the lead with 1,500; you are 3rd, 200 behind Ana Silva.", timeout=15_000
    )
    # The figure has counted up to what the server wrote, and the confetti is gone.
    expect(bo.locator("#board-rows tr").first.locator(".score")).to_have_text("1,500")
    expect(bo.locator("canvas.confetti")).to_have_count(0, timeout=15_000)


def test_with_reduced_motion_nothing_moves(service, company, sign_in):
    bo = sign_in("Bo Lind", reduced_motion="reduce")
    bo.goto(f"{service.url}/boards/revenue")
    is_live(bo)
    bo.evaluate(
        """() => { window.moved = [];
        const animate = Element.prototype.animate;
        Element.prototype.animate = function (...given) {
            window.moved.push(this.id); return animate.apply(this, given); }; }"""
    )
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    expect(bo.locator("#board-rows tr").first.locator(".who-name")).to_have_text("Cy Okoro")
    expect(bo.locator(".cheer").first).to_be_visible()
    assert bo.evaluate("window.moved") == []
    assert bo.locator("canvas.confetti").count() == 0


def test_the_whole_board_can_be_used_from_the_keyboard(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    bo.get_by_role("button", name="Why is Bo Lind here?").focus()
    bo.keyboard.press("Enter")
    expect(bo.locator(f"#why-{company.bo}")).to_contain_text("Why am I here?")
    assert serious_findings(bo) == []
    bo.keyboard.press("Enter")
    expect(bo.locator(f"#why-{company.bo}")).to_have_count(0)
    bo.get_by_role("searchbox", name="Find a name").fill("cy")
    bo.keyboard.press("Enter")
    bo.wait_for_url("**search=cy**")
    assert names(bo) == ["Cy Okoro"]
    bo.locator("details.board-history summary").focus()
    bo.keyboard.press("Enter")
    expect(bo.get_by_label("The board as it stood on")).to_be_visible()
    bo.keyboard.press("Escape")
    expect(bo.get_by_label("The board as it stood on")).to_be_hidden()


def test_who_is_behind_a_pseudonym_still_finds_the_own_row(service, company, sign_in):
    hidden = {"everyone": {"form": "pseudonym"}}
    document = {
        "schema": 1,
        "name": "Revenue",
        "scores": [{"kpi": "revenue"}],
        "span": {"period": "quarter"},
        "privacy": hidden,
    }
    edit_board("revenue", document, by=None, now=company.now)
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    own = bo.locator("#board-rows tr.is-you")
    expect(own).to_have_count(1)
    expect(own.locator(".c-place")).to_have_text("2")
    post_deal(service, company.key, "bo-lind", "1000.00", "B1")
    expect(own.locator(".c-place")).to_have_text("1", timeout=15_000)
    assert "Ana Silva" not in bo.content()


def test_the_form_of_a_board_shows_it_while_one_types(service, company, sign_in):
    page = sign_in("Max Manager")
    page.goto(f"{service.url}/boards/new")
    page.get_by_label("Name", exact=True).fill("Deals race")
    page.get_by_label("What counts").select_option("deals_won")
    expect(page.locator("#board-preview")).to_contain_text("Deals race, this quarter")
    page.get_by_label("Counts", exact=True).select_option("rolling")
    page.get_by_label("Days", exact=True).fill("7")
    expect(page.locator("#board-preview")).to_contain_text("Deals race, the last 7 days")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Deals race")
    page.get_by_role("button", name="Make the board").click()
    page.wait_for_url("**/boards/deals-race")
    assert set(names(page)) == {"Ana Silva", "Bo Lind", "Cy Okoro"}


def test_people_are_chosen_by_name_from_the_keyboard(service, company, sign_in):
    page = sign_in("Max Manager")
    page.goto(f"{service.url}/boards/new")
    page.get_by_label("Name", exact=True).fill("Two of us")
    page.get_by_label("Out of").select_option("people")
    who = page.locator("#field-audience-people")
    for part, name in (("lin", "Bo Lind"), ("silva", "Ana Silva")):
        find = who.get_by_label("Find by name")
        find.fill(part)
        expect(who.get_by_role("status")).to_have_text("1 found.")
        expect(who.get_by_label(name)).to_be_visible()
        # Enter finds, and neither sends the form nor empties it.
        find.press("Enter")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('label')?.innerText") == name:
                break
        page.keyboard.press("Space")
        expect(who.get_by_label(name)).to_be_checked()
    expect(page.locator("#board-preview tbody tr")).to_have_count(2)
    assert serious_findings(page) == []
    page.get_by_role("button", name="Make the board").click()
    page.wait_for_url("**/boards/two-of-us")
    assert set(names(page)) == {"Ana Silva", "Bo Lind"}


def test_a_wall_screen_turns_moves_and_ends_with_its_link(service, company, new_context):
    token = create_wall_screen("Hall", ["revenue", "points"], seconds=5, by=None, now=company.now)
    wall = new_context(viewport={"width": 1920, "height": 1080}).new_page()
    wall.add_init_script(
        """window.EventSource = class extends EventSource {
        constructor(...given) { super(...given); window.stream = this; } }"""
    )
    wall.goto(f"{service.url}/wall/{token}")
    is_live(wall)
    shown = wall.locator(".slide.is-shown")
    expect(shown).to_have_count(1)
    first = shown.get_attribute("data-slide")
    post_deal(service, company.key, "cy-okoro", "1000.00", "C1")
    # It is gone again in some seconds, and so looked for first.
    expect(wall.locator(".celebration")).to_contain_text("Cy Okoro")
    expect(wall.locator("#slide-board-revenue .who-name").first).to_have_text("Cy Okoro")
    expect(wall.locator(f".slide.is-shown:not([data-slide='{first}'])")).to_have_count(
        1, timeout=20_000
    )
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")
    revoke_wall_screen(all_screens()[0].id, by=None, now=company.now)
    # As when the server lets it go, which it does the next time it looks at who is signed out.
    wall.evaluate("() => { stream.close(); stream.dispatchEvent(new Event('error')); }")
    expect(wall.locator("h1")).to_have_text("This screen is off")
