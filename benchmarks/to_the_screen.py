"""Time from the API's answer to the change on an open board, beside a page polled every second."""

import http.client
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop
from tests.services.browser import ARGUMENTS, chromium_path
from tests.world import PASSWORD

SAMPLES = 25
PEER = "the same rows asked for once a second"

# Notes the instant at which a text first stands in the rows.
WATCH = """
() => {
  window.seen = {};
  const note = () => {
    const text = document.getElementById("board-rows")?.innerText || "";
    const figures = text.matchAll(/[0-9][0-9,]*[0-9]/g);
    for (const [figure] of figures) window.seen[figure] ??= Date.now();
  };
  const everything = {subtree: true, childList: true, characterData: true};
  new MutationObserver(note).observe(document.body, everything);
  note();
}
"""
POLL = """
() => setInterval(async () => {
  const answer = await fetch(location.pathname + "/rows", {headers: {"HX-Request": "true"}});
  document.getElementById("board-rows").outerHTML = await answer.text();
}, 1000)
"""

_ids = count(1)


def measures(workshop: Workshop) -> Iterator[Measure]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        live = _board(browser, workshop)
        # The peer has no stream: without its script the rows are asked for instead.
        polled = _board(browser, workshop, without="**/js/live.js")
        polled.evaluate(POLL)
        ours, peer = [], []
        for number in range(SAMPLES):
            figure, answered = _post(workshop, 1_000_003 + 7_919 * number)
            ours.append(_shown(live, figure) - answered)
            peer.append(_shown(polled, figure) - answered)
            time.sleep(0.3 + random.random())
        browser.close()
    yield compare("From the API's answer to the open board", "ms", ours, peer, PEER)
    ranked = sorted(ours)
    yield compare(
        "The same, the slowest of twenty", "ms", [ranked[int(len(ranked) * 0.95)]], peer, PEER
    )


def _board(browser: Browser, workshop: Workshop, *, without: str | None = None) -> Page:
    page = browser.new_context().new_page()
    if without:
        page.route(without, lambda route: route.abort())
    page.goto(f"{workshop.service.url}/sign-in")
    page.get_by_label("E-mail").fill("person@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{workshop.service.url}/boards/revenue")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    return page


def _post(workshop: Workshop, score: int) -> tuple[str, float]:
    """Bring a payee of their own to a score; how it will be written, and when the API answered."""
    number = next(_ids)
    body = {
        "source": "screen",
        "external_id": f"S{number}",
        "kind": "deal_won",
        "payee": workshop.payees[number % len(workshop.payees)],
        "amount": str(score),
        "currency": "USD",
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    client = http.client.HTTPConnection("127.0.0.1", workshop.service.port, timeout=10)
    headers = {"Authorization": f"Bearer {workshop.key}", "Content-Type": "application/json"}
    client.request("POST", "/api/v1/activities", json.dumps(body), headers)
    answer = client.getresponse()
    answered = time.time() * 1000
    assert answer.status == 201, answer.read()
    client.close()
    return f"{score:,}", answered


def _shown(page: Page, figure: str) -> float:
    page.wait_for_function("figure => window.seen[figure]", arg=figure, timeout=15_000)
    return float(page.evaluate("figure => window.seen[figure]", figure))
