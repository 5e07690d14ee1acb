"""How far a house is, as its database and its boards say."""

import json
import urllib.request
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from tests.faults.figures import MANAGER, MANAGER_PASSWORD
from tests.faults.reading import Database, wait_for

# After a kill or an emptied Redis; everything else is quicker.
LONGEST_CATCH_UP_SECONDS = 90.0
# For a page about everybody, on a busy machine.
PAGE_SECONDS = 120.0


class Looking:
    database: Database
    port: int
    keys: list[str]

    def wanted(self) -> dict[int, int]:
        return dict(self.database.rows("SELECT payee_id, wanted FROM marker"))

    def computed(self) -> dict[int, int]:
        return dict(self.database.rows("SELECT payee_id, computed FROM marker"))

    def everybody_is_behind(self) -> None:
        """As after a new plan: everybody is to be calculated again."""
        self.database.rows(
            "UPDATE marker SET wanted = wanted + 1, stale_since = coalesce(stale_since, ?)",
            datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds"),
        )

    def frozen_statements(self) -> list[tuple[Any, ...]]:
        """Every byte of the month that is locked."""
        return self.database.rows("SELECT * FROM locked_statement ORDER BY period, payee_id")

    def board(self, slug: str) -> dict[str, Decimal]:
        """Scores by name as the API shows them."""
        url = f"http://127.0.0.1:{self.port}/api/v1/boards/{slug}/standings?period=year"
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.keys[0]}"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            rows = json.load(answer)["standings"]
        return {row["entrant"]["name"]: Decimal(row["score"]) for row in rows}

    def page(self, path: str) -> str:
        """As the manager of everybody sees it."""
        sign_in = f"http://127.0.0.1:{self.port}/sign-in?next={path}"
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(sign_in, timeout=PAGE_SECONDS) as form:
            token = form.read().decode().split('name="csrf_token" value="')[1].split('"')[0]
        said = {"csrf_token": token, "email": MANAGER, "password": MANAGER_PASSWORD}
        with browser.open(sign_in, urlencode(said).encode(), timeout=PAGE_SECONDS) as answer:
            return str(answer.read().decode())

    def is_settled(self) -> bool:
        return self.database.rows("SELECT count(*) FROM marker WHERE wanted > computed")[0][0] == 0

    def seconds_to_catch_up(self, limit: float = LONGEST_CATCH_UP_SECONDS) -> float:
        """Until everything that was wanted a moment ago is worked in, whatever comes meanwhile."""
        wanted: dict[int, int] = {}

        def look() -> bool:
            wanted.update(self.wanted())
            return True

        looked = wait_for(look, limit)

        def caught_up() -> bool:
            computed = self.computed()
            return all(computed[payee] >= count for payee, count in wanted.items())

        return looked + wait_for(caught_up, limit)

    def seconds_to_settle(self, limit: float = LONGEST_CATCH_UP_SECONDS) -> float:
        """Until nothing is behind any more; there must be no load."""
        return wait_for(self.is_settled, limit)
