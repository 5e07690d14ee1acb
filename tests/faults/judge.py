"""The judge: a process of its own that holds the database against the clients' books and against
its own arithmetic. It reads by plain SQL and shares nothing with the engine.

    python -m tests.faults.judge DATABASE_URL BOOKS

prints one JSON object and ends with 1 where anything differs. Amounts are whole micro-units; the
company's amounts are chosen so that every rate gives whole cents, and nothing has to be rounded.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults.figures import QUOTA
from tests.faults.reading import Database

MICRO = 10**6
# Of the demo's plan: points by product, per cent up to each per cent of quota.
POINTS = {"GTX Basic": 6, "GTX Pro": 48, "MG Advanced": 34, "GTK 500": 268}
TIERS = ((50, 4), (75, 5), (100, 6), (125, 8), (None, 10))
MOST_SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    acknowledged: int
    found: int
    duplicated: int
    differences: list[str]


@dataclass(frozen=True)
class Credit:
    """What counts for a payee, as the facts have it."""

    activity: int
    payee: int
    day: str
    amount: int
    parts: int
    product: str


def judge(database: Database, books: Path) -> Verdict:
    stored = activities_in(database)
    acknowledged = acknowledged_in(books)
    duplicated = database.rows(
        "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM activity "
        "GROUP BY source, external_id) AS counted"
    )[0][0]
    credits = _credits(database)
    differences = [
        *_lost(acknowledged, stored),
        *([f"{duplicated} activities are stored twice"] if duplicated else []),
        *_still_behind(database),
        *_different("points", _points(credits), _posted_points(database)),
        *_different("commission in cents", _commission(credits), _posted(database, "money")),
        *_different("badges", _badges(credits), _posted(database, "badge")),
        *_different("revenue of a day", *_revenue_by_day(credits, database)),
        *_different("calls of a day", *_calls_by_day(database)),
        *_broken_chains(database),
    ]
    found = sum(key in stored for key in acknowledged)
    return Verdict(len(acknowledged), found, int(duplicated), differences)


# The facts


def acknowledged_in(books: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By id what may be stored: what was acknowledged last, or what was sent after it without an
    answer; never what was older than something acknowledged. Ids that were never acknowledged are
    left out."""
    said: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for book in sorted(books.glob("*.jsonl")):
        for line in book.read_text().splitlines():
            activity = json.loads(line)
            key = activity["source"], activity["external_id"]
            if key in said and activity["changed_at"] < said[key][0]["changed_at"]:
                continue
            if activity["sure"]:
                said[key] = []
            elif key not in said:
                continue
            said[key].append(activity)
    return dict(said)


def activities_in(database: Database) -> dict[tuple[str, str], dict[str, Any]]:
    rows = database.rows("SELECT source, external_id, id, amount, reversed FROM activity")
    shares: dict[int, Counter[str]] = defaultdict(Counter)
    for activity_id, code, percent in database.rows(
        "SELECT activity_id, code, percent FROM credit JOIN person ON person.id = payee_id"
    ):
        shares[activity_id][code] += percent // MICRO
    return {
        (source, external_id): {
            "amount": amount,
            "reversed": bool(reversed_),
            "shares": dict(shares[activity_id]),
        }
        for source, external_id, activity_id, amount, reversed_ in rows
    }


def _lost(
    acknowledged: dict[tuple[str, str], list[dict[str, Any]]],
    stored: dict[tuple[str, str], dict[str, Any]],
) -> Iterator[str]:
    for key, sent in acknowledged.items():
        if key not in stored:
            yield f"{key} was acknowledged and is not stored"
        elif stored[key] not in [_as_stored(activity) for activity in sent]:
            yield f"{key} is stored as {stored[key]}, acknowledged was {_as_stored(sent[0])}"


def _as_stored(activity: dict[str, Any]) -> dict[str, Any]:
    shares = activity.get("shares") or [{"payee": activity["payee"], "percent": "100"}]
    return {
        "amount": int(activity["amount"]) * MICRO,
        "reversed": activity["reversed"],
        "shares": {share["payee"]: int(share["percent"]) for share in shares},
    }


def _credits(database: Database) -> list[Credit]:
    """Every credit that counts, from the activities themselves."""
    rows = database.rows(
        "SELECT activity_id, payee_id, occurred_micros, percent, activity.amount, "
        "activity.attributes FROM credit JOIN activity ON activity.id = activity_id "
        "WHERE NOT activity.reversed AND activity.kind = 'deal_won'"
    )
    return [
        Credit(
            activity=activity_id,
            payee=payee_id,
            day=_day(at),
            amount=amount * percent // (100 * MICRO),
            parts=percent // MICRO,
            product=(json.loads(said) if isinstance(said, str) else said)["product"],
        )
        for activity_id, payee_id, at, percent, amount, said in rows
    ]


# What they should give, by hand


def _points(credits: Iterable[Credit]) -> Counter[Any]:
    earned: Counter[Any] = Counter()
    for credit in credits:
        earned[credit.payee, credit.activity] += POINTS[credit.product] * credit.parts // 100
    return earned


def _commission(credits: Iterable[Credit]) -> Counter[Any]:
    revenue: Counter[Any] = Counter()
    for credit in credits:
        quarter = f"{credit.day[:4]}-{(int(credit.day[5:7]) - 1) // 3}"
        revenue[credit.payee, quarter] += credit.amount // MICRO
    owed: Counter[Any] = Counter()
    for (payee, _), dollars in revenue.items():
        owed[payee] += _cents(dollars)
    return owed


def _cents(dollars: int) -> int:
    """Each rate pays only inside its tier; a per cent of a dollar is a cent."""
    cents, floor = 0, 0
    for up_to, rate in TIERS:
        ceiling = dollars if up_to is None else min(dollars, QUOTA * up_to // 100)
        cents += max(0, ceiling - floor) * rate
        floor = max(floor, ceiling)
    return cents


def _badges(credits: Iterable[Credit]) -> Counter[Any]:
    parts: Counter[Any] = Counter()
    badges: Counter[Any] = Counter()
    for credit in credits:
        parts[credit.payee, credit.day, 300] += credit.parts
        parts[credit.payee, credit.day[:7], 1_000] += credit.parts
        badges[credit.payee] += credit.amount >= 5_000 * MICRO
    for (payee, _, enough), count in parts.items():
        badges[payee] += count >= enough
    return badges


# What is there


def _posted_points(database: Database) -> Counter[Any]:
    rows = database.rows(
        "SELECT payee_id, activity_id, sum(amount) FROM posted_line "
        "JOIN component ON component.id = component_id WHERE yields = 'points' "
        "GROUP BY payee_id, activity_id"
    )
    return Counter({(payee, activity): int(total) for payee, activity, total in rows})


def _posted(database: Database, yields: str) -> Counter[Any]:
    """Without prizes of contests, which F11 looks at."""
    rows = database.rows(
        "SELECT payee_id, sum(amount) FROM posted_line "
        "JOIN component ON component.id = component_id "
        "WHERE yields = ? AND plan_id IS NOT NULL GROUP BY payee_id",
        yields,
    )
    return Counter({payee: int(total) for payee, total in rows})


def _revenue_by_day(
    credits: Iterable[Credit], database: Database
) -> tuple[Counter[Any], Counter[Any]]:
    """What the boards are sums of."""
    wanted: Counter[Any] = Counter()
    for credit in credits:
        wanted[credit.payee, credit.day] += credit.amount
    rows = database.rows("SELECT payee_id, day, value FROM day_result WHERE measure = 'revenue'")
    return wanted, Counter({(payee, str(day)): int(value) for payee, day, value in rows})


def _calls_by_day(database: Database) -> tuple[Counter[Any], Counter[Any]]:
    made = database.rows(
        "SELECT payee_id, occurred_micros, percent FROM credit JOIN activity "
        "ON activity.id = activity_id WHERE activity.kind = 'call' AND NOT activity.reversed"
    )
    wanted: Counter[Any] = Counter()
    for payee, at, percent in made:
        wanted[payee, _day(at)] += percent // 100
    rows = database.rows("SELECT payee_id, day, value FROM day_result WHERE measure = 'calls'")
    return wanted, Counter({(payee, str(day)): int(value) for payee, day, value in rows})


def _day(micros: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).date().isoformat()


def _still_behind(database: Database) -> Iterator[str]:
    for payee, wanted, computed in database.rows(
        "SELECT payee_id, wanted, computed FROM marker WHERE wanted > computed"
    ):
        yield f"payee {payee} is still behind: {computed} of {wanted} changes are worked in"


def _different(what: str, wanted: Counter[Any], there: Counter[Any]) -> Iterator[str]:
    for key in sorted(wanted.keys() | there.keys()):
        if wanted[key] != there[key]:
            yield f"{what} of {key}: {there[key]} is there, {wanted[key]} follows from the facts"


def _broken_chains(database: Database) -> Iterator[str]:
    """Lines about one subject form one chain, and the lines of a payee are numbered through."""
    chains: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    lines: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for payee, component, activity, origin, aspect, amends, sequence in database.rows(
        "SELECT payee_id, component_id, activity_id, origin_period, aspect, amends, sequence "
        "FROM posted_line"
    ):
        chains[payee, component, activity, origin, aspect].append((sequence, amends))
        lines[payee] += 1
        last[payee] = max(last[payee], sequence)
    for subject, chain in chains.items():
        before = 0
        for sequence, amends in sorted(chain):
            if amends != before:
                yield f"line {sequence} about {subject} amends {amends} and not {before}"
            before = sequence
    for payee, count in lines.items():
        if last[payee] != count:
            yield f"payee {payee} has {count} lines and the last is number {last[payee]}"


def main(database_url: str, books: str) -> int:
    verdict = judge(Database(database_url), Path(books))
    shown = asdict(verdict) | {"differences": verdict.differences[:MOST_SHOWN]}
    sys.stdout.write(json.dumps(shown))
    return 1 if verdict.differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
