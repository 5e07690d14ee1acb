"""The feed in browsers: it fills by itself, is sound for everybody, and keeps quiet when asked."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import serious_findings

pytestmark = [pytest.mark.browser, pytest.mark.process]

PAGES = {
    "Ana Silva": ["/feed", "/feed?show=me", "/kudos/new", "/quiet-hours"],
    "Max Manager": ["/feed", "/announcements", "/announcements/new"],
    "Ada Admin": ["/recognition"],
}


def give_kudos(page, service, whom, words):
    page.goto(f"{service.url}/kudos/new")
    page.get_by_label("Find by name").fill(whom[:4])
    page.get_by_label(whom).check()
    page.get_by_label("What for").fill(words)
    page.get_by_role("button", name="Give kudos").last.click()
    page.wait_for_url("**/feed")


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_feed_are_sound(name, service, company, sign_in):
    page = sign_in(name)
    complaints = []
    for address in PAGES[name]:
        for theme, width in (("light", 1440), ("dark", 1440), ("light", 360)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.goto(service.url + address).status == 200
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                complaints.append((address, width, "wider than the screen"))
            complaints += [(address, theme, width, each) for each in serious_findings(page)]
    assert complaints == []


def test_kudos_come_to_an_open_feed_and_are_counted_on_the_bell(service, company, sign_in):
    ana, bo = sign_in("Ana Silva"), sign_in("Bo Lind")
    ana.goto(f"{service.url}/feed")
    expect(ana.locator("[data-live-word]")).to_have_text("Live")
    give_kudos(bo, service, "Ana Silva", "You saved the demo")
    expect(ana.locator("#feed-items")).to_contain_text("You saved the demo")
    ana.goto(f"{service.url}/boards")
    expect(ana.locator("#bell")).to_have_attribute("aria-label", "Feed, 1 new")


def test_a_reaction_is_pressed_by_keyboard_and_seen_by_others(service, company, sign_in):
    ana, bo = sign_in("Ana Silva"), sign_in("Bo Lind")
    ana.goto(f"{service.url}/feed")
    bo.goto(f"{service.url}/feed")
    pressed = bo.locator(".story").first.get_by_role("button", name="On fire")
    pressed.focus()
    bo.keyboard.press("Enter")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    seen = ana.locator(".story").first.get_by_role("button", name="On fire, 1 so far")
    expect(seen).to_be_visible()


def test_the_page_knows_by_the_companys_clock_whether_it_is_quiet(service, company, sign_in):
    page = sign_in("Ana Silva")
    page.clock.install(time="2026-11-18T23:30:00Z")
    page.goto(f"{service.url}/boards")
    quiet = """([zone, spans]) => {
        Object.assign(document.body.dataset, {zone, quiet: spans});
        return isQuiet();
    }"""
    said = [
        page.evaluate(quiet, [zone, spans])
        for zone, spans in (
            ("UTC", "1320-420"),
            ("America/Chicago", "1320-420"),  # half past five there
            ("America/Chicago", "1320-420 1020-1080"),
            ("UTC", ""),
        )
    ]
    assert said == [True, False, True, False]
