"""`bin/screenshots [NAME …]`: drive a browser through the demo and write docs/screenshots/*.png."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services.browser import ARGUMENTS, chromium_path
from tools.demo_service import DemoService, demo_service

PICTURES = Path("docs/screenshots")
SAMPLE = Path(__file__).parent / "sample_opportunities.csv"
LARGEST_BYTES = 224 * 1024
DESK = {"width": 1440, "height": 900}
# A picture with much text in it would be too large.
LOW_DESK = {"width": 1440, "height": 840}
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1920, "height": 1080}
# The demo company's.
ZONE = "America/Chicago"

# Leads from the first page after signing in to what is to be seen.
Way = Callable[[Page], None]


@dataclass(frozen=True)
class Picture:
    """Who sees what, on which screen."""

    role: str
    way: Way
    screen: dict[str, int]
    dark: bool = False


def go_to(path: str) -> Way:
    def go(page: Page) -> None:
        page.goto(path)

    return go


def first_contest(page: Page) -> None:
    page.goto("/contests")
    page.locator("main a[href^='/contests/']:not([href$='/new'])").first.click()


def a_whole_month(page: Page) -> None:
    """The last month of the quarter before this one: of a demo that moves with the days, it is
    always the same deals."""
    today = datetime.now(UTC).date()
    quarter_starts = date(today.year, today.month - (today.month - 1) % 3, 1)
    page.goto(f"/earnings/reed-clapper/{quarter_starts - timedelta(days=1):%Y-%m}")


def why_am_i_here(page: Page) -> None:
    page.goto("/boards/revenue")
    page.locator("tr.is-you button[data-why]").click()
    page.locator("tr.panel-row").wait_for()
    page.locator("tr.panel-row").scroll_into_view_if_needed()


def a_checked_import(page: Page) -> None:
    page.goto("/data")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.locator("form:has(input[type=file]) button").first.click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("This is what the import would do").wait_for(timeout=60_000)


WALL = "/boards/revenue/wall"
SHOWN = {
    "board-light": Picture("Rep", go_to("/boards/revenue"), DESK),
    "board-dark": Picture("Rep", go_to("/boards/revenue"), DESK, dark=True),
    "board-phone": Picture("Rep", go_to("/boards/revenue"), PHONE),
    "board-why": Picture("Rep", why_am_i_here, LOW_DESK),
    "wall": Picture("Manager", go_to(WALL), OFFICE, dark=True),
    "feed": Picture("Rep", go_to("/feed"), DESK),
    "my-day": Picture("Rep", go_to("/my-day"), DESK),
    "my-day-phone": Picture("Rep", go_to("/my-day"), PHONE),
    "statement": Picture("Rep", a_whole_month, DESK),
    "contest": Picture("Rep", first_contest, DESK),
    "team": Picture("Manager", go_to("/team"), DESK),
    "plan": Picture("Manager", go_to("/plans/field-sales"), DESK),
    "payouts": Picture("Finance", go_to("/payouts"), DESK),
    "import": Picture("Manager", a_checked_import, DESK),
    "people": Picture("Administrator", go_to("/people"), DESK),
}


def main(names: list[str]) -> int:
    unknown = set(names) - SHOWN.keys()
    if unknown:
        say(f"There is no {', '.join(sorted(unknown))}. Pictures: {', '.join(SHOWN)}.")
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_service() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sessions = {label: sign_in(browser, demo, label) for label in roles_of(names or SHOWN)}
        sizes = [take(browser, demo, sessions, name) for name in names or SHOWN]
        browser.close()
    return 0 if max(sizes) <= LARGEST_BYTES else 1


def roles_of(names: object) -> list[str]:
    return list(dict.fromkeys(SHOWN[name].role for name in names))  # type: ignore[attr-defined]


def sign_in(browser: Browser, demo: DemoService, label: str) -> object:
    """The cookies of somebody who signed in once; the number of tries a minute is limited."""
    account = demo.account(label)
    with browser.new_context(base_url=demo.url) as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(account["email"])
        page.get_by_label("Password").fill(account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return context.storage_state()


def take(browser: Browser, demo: DemoService, sessions: dict[str, object], name: str) -> int:
    picture = SHOWN[name]
    with browser.new_context(
        base_url=demo.url,
        storage_state=sessions[picture.role],  # type: ignore[arg-type]
        viewport=picture.screen,  # type: ignore[arg-type]
        color_scheme="dark" if picture.dark else "light",
        timezone_id=ZONE,
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        picture.way(page)
        page.evaluate("document.fonts.ready")
        # Live pages fetch what is personal after the first paint.
        page.wait_for_timeout(1500)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path)
    size = path.stat().st_size
    note = "" if size <= LARGEST_BYTES else f", larger than {LARGEST_BYTES // 1024} KB"
    say(f"{path}  {size // 1024} KB{note}")
    return size


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
