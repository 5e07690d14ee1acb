"""What is the viewer's own is asked for by each alone, not too often, and never short of the last
change: the dock under a board, the cards of My day, an opened panel."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.test_live_board import post_deal

pytestmark = [pytest.mark.browser, pytest.mark.process]


def told_of_news(page):
    """The instants at which the page was told to ask for what is the viewer's own, in milliseconds.
    When a request leaves is the browser's business, and later on a busy machine."""
    page.evaluate(
        """() => { window.told = [];
        document.body.addEventListener("live:own", () => window.told.push(Date.now())); }"""
    )
    return lambda: page.evaluate("window.told")


def test_the_dock_shows_what_came_last_in_a_burst(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    expect(bo.locator("[data-live-word]")).to_have_text("Live")
    bo.get_by_role("button", name="Why is Bo Lind here?").click()
    panel = bo.locator(f"#why-{company.bo}")
    expect(panel).to_contain_text("1 activity makes your score")
    told = told_of_news(bo)
    dock = bo.locator("#dock .dock-score b")
    post_deal(service, company.key, "bo-lind", "100.00", "B1")
    expect(dock).to_have_text("800")
    for number in range(2, 9):
        post_deal(service, company.key, "bo-lind", "100.00", f"B{number}")
    # 700 + 8 × 100
    expect(bo.locator(f"#standing-{company.bo} .score")).to_have_text("1,500")
    expect(dock).to_have_text("1,500")
    expect(panel).to_contain_text("9 activities make your score")
    at = told()
    assert len(at) >= 2
    assert all(later - earlier > 1_900 for earlier, later in pairwise(at)), at


def test_the_cards_of_my_day_show_what_came_last_in_a_burst(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/my-day")
    expect(bo.locator("#my-day")).to_contain_text("$700 of $1,000")
    post_deal(service, company.key, "bo-lind", "50.00", "B1")
    expect(bo.locator("#my-day")).to_contain_text("$750 of $1,000")
    for number in range(2, 5):
        post_deal(service, company.key, "bo-lind", "50.00", f"B{number}")
    # 700 + 4 × 50, before the cards would ask by themselves, which is every 30 seconds.
    expect(bo.locator("#my-day")).to_contain_text("$900 of $1,000")
