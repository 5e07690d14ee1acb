"""Every page, as each role, light and dark, on a desk and on a phone: no serious accessibility
finding, no error in the console, nothing wider than the screen."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.slow]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()

PAGES = {
    "Ana Silva": [
        "/my-day",
        "/boards",
        "/boards/revenue",
        "/boards/win-rate",
        "/boards/revenue/people/{ana}",
        "/boards/revenue?show=around&since=week",
        "/boards/revenue?search=zoe",
        "/boards/revenue?at=2026-01-05T10:00",
        "/boards/revenue/wall",
        "/contests",
        "/contests/sprint",
        "/earnings",
        "/badges",
        "/activities/new",
        "/account",
    ],
    "Max Manager": [
        "/team",
        "/boards",
        "/boards/new",
        "/boards/revenue/edit",
        "/walls",
        "/contests",
        "/contests/new",
        "/contests/sprint/edit",
        "/plans",
        "/plans/field-sales",
        "/plans/field-sales/versions/new",
        "/plans/field-sales/document",
        "/plans/new",
        "/plans/new?start=example",
        "/quotas",
        "/quotas?of=teams&measure=deals_won&kind=year",
        "/quotas/list",
        "/ratings",
        "/data",
        "/data/activities",
        "/data/activities/1",
        "/earnings",
    ],
    "Fay Finance": ["/payouts", "/plans", "/earnings", "/audit", "/data", "/exchange-rates"],
    "Ada Admin": ["/people", "/people/new", "/teams", "/company", "/api-keys", "/audit", "/system"],
}
LOOKS = [("light", 1440), ("dark", 1440), ("light", 360)]


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_sound(name, service, company, sign_in):
    company.contest("Sprint")
    page = sign_in(name)
    complaints = []
    page.on(
        "console",
        lambda message: (
            complaints.append((page.url, message.text))
            if message.type in ("error", "warning")
            else None
        ),
    )
    for address in PAGES[name]:
        for theme, width in LOOKS:
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(service.url + address.format(ana=company.ana))
            where = (address, theme, width)
            assert answer.status == 200, where
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                complaints.append((*where, f"{wider} px wider than the screen"))
            complaints += [(*where, finding) for finding in serious_findings(page)]
    assert complaints == []


def serious_findings(page):
    """What axe calls serious or critical, with the element it is about."""
    # Runs in the page's world without the content policy: the policy is what pages live under.
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], node["target"])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
