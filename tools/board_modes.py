"""`python -m tools.board_modes DIRECTORY [MODE …]`: every mode of boards in a browser, as pictures.

Makes a board of each mode in a demo company and takes it on a desk, a phone and an office screen,
light and dark. Says where something does not fit its screen, or where the browser complains.
"""

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from incentives.web.board_form import texts_of
from tests.services.browser import ARGUMENTS, chromium_path
from tools.demo_service import demo_service
from tools.screenshots import DESK, PHONE, ZONE, say, sign_in

OFFICE_4K = {"width": 3840, "height": 2160}
UPRIGHT = {"width": 1080, "height": 1920}


@dataclass(frozen=True)
class Screen:
    """Whose screen it is, and which address of a board it shows."""

    role: str
    size: dict[str, int]
    is_dark: bool
    shows: str = ""


SCREENS = {
    "desk-light": Screen("Rep", DESK, False),
    "desk-dark": Screen("Rep", DESK, True),
    "phone-light": Screen("Rep", PHONE, False),
    "phone-dark": Screen("Rep", PHONE, True),
    "wall-4k": Screen("Manager", OFFICE_4K, True, "/wall"),
    "wall-upright": Screen("Manager", UPRIGHT, True, "/wall"),
}

REVENUE: list[dict[str, Any]] = [{"kpi": "revenue"}]
QUARTER = {"period": "quarter"}


def _reps(form: str, **more: Any) -> dict[str, Any]:
    """The same for reps and for screens."""
    return {"privacy": {who: {"form": form, **more} for who in ("rep", "wall")}}


def modes(contest: str) -> dict[str, dict[str, Any]]:
    """What each board says beside its name."""
    year = datetime.now(UTC).year
    weighed = [
        {"kpi": "deals_won", "weight": "20", "target": "60"},
        {"kpi": "revenue", "weight": "80"},
    ]
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="minutes")
    return {
        "raw": {},
        "points": {"scores": [{"kpi": "points"}]},
        "rolling": {"span": {"rolling": 30}},
        "of-target": {"reading": {"kind": "of_target"}},
        "per-day": {"reading": {"kind": "per_available_day"}},
        "most-improved": {"reading": {"kind": "improvement", "baseline": 2}},
        "ratio": {"scores": [{"kpi": "win_rate"}], "reading": {"kind": "raw", "minimum_volume": 9}},
        "less-is-better": {"scores": [{"kpi": "days_to_close"}]},
        "weights": {"scores": weighed, "reading": {"kind": "of_target"}},
        "new-hires": {"divide": {"by": "new_hires", "days": 400}},
        "leagues": {
            "span": {"period": "month"},
            "divide": {"by": "leagues", "size": 8, "move": 2, "since": f"{year}-08"},
        },
        "teams": {"entrants": "teams"},
        "contest": {"scores": [{"contest": contest}]},
        "top-n": _reps("top_n", top=5),
        "neighbours": _reps("neighbours", window=5),
        "pseudonym": _reps("pseudonym"),
        "self": _reps("self"),
        "frozen": {"freeze": {"at": an_hour_ago, "for": ["rep", "wall"]}},
        "nobody-yet": {"span": {"period": f"{year + 1}-Q4"}},
    }


def main(arguments: list[str]) -> int:
    if not arguments:
        say("Say where the pictures shall be.")
        return 2
    pictures, wanted = Path(arguments[0]), arguments[1:]
    pictures.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    with demo_service() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sessions = {role: sign_in(browser, demo, role) for role in ("Rep", "Manager")}
        slugs = _make_boards(browser, demo.url, sessions["Manager"], wanted)
        for name, screen in SCREENS.items():
            with _context(browser, demo.url, sessions[screen.role], screen) as context:
                for slug in slugs:
                    path = pictures / f"{slug}-{name}.png"
                    said = take(context, f"/boards/{slug}{screen.shows}", path)
                    problems += [f"{path.stem}: {each}" for each in said]
        browser.close()
    for problem in problems:
        say(problem)
    say(f"{len(slugs)} modes on {len(SCREENS)} screens, {len(problems)} problems.")
    return 1 if problems else 0


def _make_boards(browser: Browser, url: str, session: Any, wanted: list[str]) -> list[str]:
    """Through the form, as a manager would; the addresses of the boards."""
    with browser.new_context(base_url=url, storage_state=session) as context:
        page = context.new_page()
        page.goto("/contests")
        contest = page.locator("main a[href^='/contests/']:not([href$='/new'])").first
        said = modes(str(contest.get_attribute("href")).removeprefix("/contests/"))
        page.goto("/boards/new")
        token = page.locator("#board-form [name=csrf_token]").get_attribute("value") or ""
        chosen = {name: said[name] for name in wanted or said}
        return [_make(page, name, more, token) for name, more in chosen.items()]


def _make(page: Page, name: str, more: dict[str, Any], token: str) -> str:
    document = {"name": f"Demo of {name.replace('-', ' ')}", "scores": REVENUE, "span": QUARTER}
    texts = texts_of({**document, **more}, ZoneInfo(ZONE))
    typed = {**texts.to_dict(flat=False), "csrf_token": [token]}
    answer = page.request.post(
        "/boards",
        data=urlencode(typed, doseq=True),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url},
        max_redirects=0,
    )
    if answer.status != 302:
        raise RuntimeError(f"{name} was not made: {_refusals(answer.text())}")
    return answer.headers["location"].rpartition("/")[2]


def _refusals(text: str) -> list[str]:
    return re.findall(r'class="field-error"[^>]*>([^<]+)', text)


def _context(browser: Browser, url: str, session: Any, screen: Screen) -> BrowserContext:
    return browser.new_context(
        base_url=url,
        storage_state=session,
        viewport=screen.size,  # type: ignore[arg-type]
        color_scheme="dark" if screen.is_dark else "light",
        timezone_id=ZONE,
        reduced_motion="reduce",
    )


def take(context: BrowserContext, address: str, path: Path) -> list[str]:
    """Take one picture; what does not fit, and what the browser complains of."""
    page, said = context.new_page(), []
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(900)
    page.screenshot(path=path)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    return [*said, f"{wider} pixels wider than the screen"] if wider > 0 else said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
