"""What is the viewer's own is asked for by each alone, not too often, and never short of the last
change: the dock under a board, the cards of My day, an opened panel."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.test_live_board import post_deal

pytestmark = [pytest.mark.browser, pytest.mark.process]


def asked_for(page, what):
    """The instants at which the page asked for something, in milliseconds since now."""
    page.evaluate("performance.clearResourceTimings()")

    def times():
        return page.evaluate(
            """(what) => performance.getEntriesByType("resource")
                .filter((each) => each.name.includes(what)).map((each) => each.startTime)""",
            what,
        )

    return times


def test_the_dock_shows_what_came_last_in_a_burst(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/boards/revenue")
    expect(bo.locator("[data-live-word]")).to_have_text("Live")
    bo.get_by_role("button", name="Why is Bo Lind here?").click()
    panel = bo.locator(f"#why-{company.bo}")
    expect(panel).to_contain_text("1 activity makes your score")
    dock = asked_for(bo, "/dock")
    for number in range(1, 9):
        post_deal(service, company.key, "bo-lind", "100.00", f"B{number}")
        bo.wait_for_timeout(250)
    # 700 + 8 × 100
    expect(bo.locator(f"#standing-{company.bo} .score")).to_have_text("1,500")
    expect(bo.locator("#dock .dock-score b")).to_have_text("1,500", timeout=4_000)
    expect(panel).to_contain_text("9 activities make your score", timeout=4_000)
    at = dock()
    assert all(later - earlier > 1_900 for earlier, later in pairwise(at)), at


def test_the_cards_of_my_day_show_what_came_last_in_a_burst(service, company, sign_in):
    bo = sign_in("Bo Lind")
    bo.goto(f"{service.url}/my-day")
    expect(bo.locator("#my-day")).to_contain_text("$700 of $1,000")
    bo.wait_for_timeout(1_500)
    for number in range(1, 5):
        post_deal(service, company.key, "bo-lind", "50.00", f"B{number}")
        bo.wait_for_timeout(400)
    # 700 + 4 × 50, long before the cards would ask by themselves.
    expect(bo.locator("#my-day")).to_contain_text(re.compile(r"\$900 of \$1,000"), timeout=8_000)
