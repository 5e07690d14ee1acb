"""Random statements: plans of every kind with every option, and short, awkward histories."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.golden.statement import Statement

NEW_YEAR = date(2026, 1, 1)
RATES = ["0.01", "0.033", "0.05", "0.0725", "0.1", "0.125", "1"]
BOUNDS = ["500", "1000", "1000.50", "3333.33", "5000", "10000", "12345.67"]
SHARES_OF_QUOTA = ["0.25", "0.5", "0.333", "1", "1.2", "1.5"]
SEASONS = ["5", "10", "5", "10", "10", "10", "5", "5", "10", "10", "10", "10"]
COUNTS = ["1", "2", "2.5", "3", "5"]
SPANS = ["month", "quarter", "year"]
LENGTHS = ["deal", "day", "week", "month", "quarter", "year"]
COMPANIES: list[dict[str, Any]] = [
    {},
    {},
    {"fiscal_start_month": 4},
    {"weeks_pattern": "4-4-5", "year_ends_on": 6},
]
PRODUCTS = ["A", "B", ""]

BY_ACTIVITY = ["flat_rate", "per_unit", "marginal_rate", "unit_tiers", "spif", "milestone"]
BY_PERIOD = ["retroactive_rate", "units_at_tier", "payout_curve", "interpolated_amount", "bonus"]
BY_ACTIVITY += ["badge", "streak"]
BY_PERIOD.append("scorecard")


class Story:
    """What is drawn for one statement; each part knows what the others need."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.pays = self.pick(["month", "month", "month", "quarter", "week"])
        zone = self.pick(["UTC", "America/New_York"])
        self.company = {"zone": zone, **self.pick(COMPANIES)}
        self.calendar = Statement("", {"company": self.company}).calendar
        self.credited = self.pick(["own", "own", "own", "team", "pool"])

    def pick(self, choices: list[Any]) -> Any:
        return self.chance.choice(choices)

    def maybe(self, one_in: int = 3) -> bool:
        return self.chance.randrange(one_in) == 0

    def ascending(self, choices: list[str], most: int = 3) -> list[str]:
        chosen = self.chance.sample(choices, self.chance.randint(1, most))
        return sorted(chosen, key=float)

    # Plans

    def document(self) -> dict[str, Any]:
        versions = [{"from": "2026-01-01", "plan": self.plan()}]
        kinds = {c["rule"]["kind"] for c in versions[0]["plan"]["components"]}
        if self.maybe() and not kinds & {"spif", "milestone", "badge", "streak"}:
            versions.append({"from": self.day(10, 80), "plan": self.next_version(versions[0])})
        people = {name: self.person() for name in ("ana", "bo")}
        people["mo"] = {"quotas": self.quotas()}
        history = [self.activity(number) for number in range(1, self.chance.randint(1, 9) + 1)]
        return {
            "company": self.company,
            "versions": versions,
            "people": people,
            "teams": {"west": self.team()},
            "rates": [
                {"currency": "EUR", "to": "USD", "from": "2026-01-01", "rate": "1.1"},
                {"currency": "EUR", "to": "USD", "from": "2026-02-10", "rate": "1.2345"},
            ],
            "activities": history,
            "locks": self.locks(),
            "as_of": self.pick(["2026-04-30", "2026-05-17", "2026-07-31"]),
        }

    def plan(self) -> dict[str, Any]:
        plan: dict[str, Any] = {
            "schema": 1,
            "name": "Random",
            "currency": self.pick(["USD", "USD", "JPY", "KWD", "RSD", "IQD"]),
            "pays": self.pays,
        }
        if self.maybe(2):
            plan["claw_back"] = self.claw_back()
        if self.maybe():
            plan["quotas"] = self.terms()
        plan["components"] = [self.component("first", None)]
        if self.maybe():
            plan["components"].append(self.component("second", "first"))
        return plan

    def next_version(self, version: dict[str, Any]) -> dict[str, Any]:
        """The same components with other numbers."""
        plan = version["plan"]
        components = [
            {**c, "rule": self.rule(self.kind_of(c["rule"]), c)} for c in plan["components"]
        ]
        for said in components:
            if self.needs_quota(said):
                said.pop("floor", None)
        return {**plan, "components": components}

    def kind_of(self, rule: dict[str, Any]) -> str:
        at_tier = rule["kind"] == "unit_tiers" and rule["reading"] == "retroactive"
        return "units_at_tier" if at_tier else rule["kind"]

    def claw_back(self) -> dict[str, Any]:
        policy = self.pick(["restate_origin", "at_rate_paid", "at_current_tier", "time_left"])
        terms: dict[str, Any] = {"policy": policy}
        if policy == "time_left":
            terms["over"] = self.pick([2, 3, 12])
        if self.maybe():
            terms["within"] = self.pick([1, 2, 6])
        return terms

    def terms(self) -> dict[str, Any]:
        terms: dict[str, Any] = {}
        if self.maybe():
            terms["seasonality"] = SEASONS
        if self.maybe():
            terms["prorate"] = self.pick(["none", "months", "days"])
        if self.maybe():
            terms["ramp"] = ["0.25", "0.5", "0.75"][: self.pick([1, 2, 3])]
        if self.maybe():
            terms["leave"] = self.pick(["counts", "lowers"])
        return terms

    # Components

    def component(self, key: str, above: str | None) -> dict[str, Any]:
        kind = self.pick(BY_ACTIVITY + BY_PERIOD)
        if self.pays == "week" and kind in ("payout_curve", "scorecard"):
            kind = "bonus"
        said: dict[str, Any] = {"key": key, "name": key.title(), "measure": "revenue"}
        by_period = kind in BY_PERIOD
        said["accumulates"] = self.accumulates()
        if kind in ("badge", "streak") or (
            kind in ("unit_tiers", "units_at_tier") and self.maybe(2)
        ):
            said["measure"] = "deals_won"
        said["yields"] = "money"
        if kind in ("badge", "streak"):
            said["yields"] = "badge"
        elif kind in ("per_unit", "marginal_rate", "flat_rate") and self.maybe(4):
            said["yields"] = "points"
        if self.credited != "own" and kind not in ("spif", "badge", "streak", "scorecard"):
            said["credited"] = self.credited
            if self.credited == "pool":
                said["pool"] = {"by": self.pick(["equal", "credit", "days"])}
        elif self.maybe(4):
            said["credits"] = self.pick(["primary", "overlay"])
        if kind == "spif":
            said["window"] = {"from": "2026-01-10", "until": "2026-03-20"}
        if self.maybe(4):
            said["conditions"] = self.conditions()
        if self.maybe(4):
            said["at_bound"] = "lower"
        if self.maybe():
            said["quota_span"] = "whole"
        if by_period and self.maybe():
            said["to_date"] = "in_period"
        if kind in ("marginal_rate", "retroactive_rate", "bonus") and self.maybe(4):
            said["attainment"] = {"measure": "deals_won"}
            if self.maybe(2):
                said["attainment"]["conditions"] = self.conditions()
        said["rule"] = self.rule(kind, said)
        shared = said["rule"].get("budget_for") == "everyone"
        if self.maybe(4) and not shared:
            said["gate"] = self.gate(above)
        if self.maybe(4) and not shared and said["yields"] != "badge":
            said["multiplier"] = self.multiplier()
        if self.maybe(4) and said["yields"] != "badge":
            said["cap"] = self.cap(said)
        if self.maybe(3) and said["yields"] == "money" and not self.needs_quota(said):
            said["floor"] = {"amount": self.pick(["100", "33.335", "500"])}
        return said

    def needs_quota(self, said: dict[str, Any]) -> bool:
        """Whether a quota or target may be missing; what a floor does then is told in golden."""
        by = {said["rule"].get("tiers_by"), said["rule"].get("by")}
        kinds = ("payout_curve", "scorecard")
        uncapped = "amount" in said.get("cap", {"amount": "0"})
        return "attainment" in by or said["rule"]["kind"] in kinds or not uncapped

    def accumulates(self) -> str:
        if self.pays == "week":
            return self.pick(LENGTHS[: LENGTHS.index("month") + 1])
        if self.maybe(4):
            return self.pick(LENGTHS)
        return self.pick([span for span in SPANS if span != "month" or self.pays == "month"])

    def conditions(self) -> dict[str, Any]:
        rows = [
            {"field": "product", "comparison": "is", "value": "A"},
            {"field": "product", "comparison": "is_not", "value": "B"},
            {"field": "amount", "comparison": "at_least", "value": "1000"},
            {"field": "amount", "comparison": "below", "value": "5000"},
            {"field": "product", "comparison": "is_one_of", "value": ["A", "B"]},
        ]
        picked = [self.pick(rows)]
        return {"any": [*picked, self.pick(rows)]} if self.maybe(4) else {"all": picked}

    def by(self, said: dict[str, Any]) -> str:
        """Attainment only over spans that have quotas."""
        fits = said["accumulates"] in SPANS and self.pays != "week"
        return self.pick(["amount", "attainment"]) if fits else "amount"

    def bounds(self, by: str, said: dict[str, Any], most: int = 3) -> list[str]:
        measure = said.get("attainment", said)["measure"]
        amounts = COUNTS if measure == "deals_won" else BOUNDS
        return self.ascending(SHARES_OF_QUOTA if by == "attainment" else amounts, most)

    def tiers(self, by: str, said: dict[str, Any], one: Any) -> list[dict[str, Any]]:
        bounds = self.bounds(by, said)
        return [*({"up_to": bound, **one()} for bound in bounds), one()]

    def rule(self, kind: str, said: dict[str, Any]) -> dict[str, Any]:
        return {"kind": kind, **getattr(self, kind)(said)}

    def flat_rate(self, said):
        return {"rate": self.pick(RATES)}

    def per_unit(self, said):
        rule = {"amount": self.pick(["0.01", "0.5", "3"])}
        if self.maybe():
            rule |= {"by": "product", "amounts": {"A": "0.25", "B": "7"}}
        elif self.maybe():
            rule["package"] = self.pick(["3", "100"])
        return rule

    def _rated(self, said):
        by = self.by(said)
        tiers = self.tiers(by, said, lambda: {"rate": self.pick(RATES)})
        for tier in tiers[1:]:
            if self.maybe(5):
                tier["only_if"] = self.test(None)
        return {"tiers_by": by, "tiers": tiers}

    def marginal_rate(self, said):
        return self._rated(said)

    def retroactive_rate(self, said):
        rule = self._rated(said)
        if self.maybe() and "attainment" not in said:
            rule["marginal_from"] = rule["tiers"][-2]["up_to"]
        return rule

    def unit_tiers(self, said):
        def one():
            tier = {"amount": self.pick(["0.5", "2", "10"])}
            if self.maybe():
                tier["flat"] = self.pick(["3", "12.5"])
            if self.maybe():
                tier["package"] = self.pick(["2", "100"])
            return tier

        by = self.by(said)
        tiers = self.tiers(by, said, one)
        return {"kind": "unit_tiers", "tiers_by": by, "reading": "marginal", "tiers": tiers}

    def units_at_tier(self, said):
        return {**self.unit_tiers(said), "reading": "retroactive"}

    def spif(self, said):
        rule = {"amount": self.pick(["0.005", "0.01"])} if self.maybe(2) else {"rate": "0.0133"}
        if self.maybe(2):
            rule["budget"] = self.pick(["20", "77.77", "150"])
            if self.credited == "own" and self.maybe(2) and "credits" not in said:
                rule["budget_for"] = "everyone"
        return rule

    def milestone(self, said):
        by = self.by(said)
        bounds = self.bounds(by, said)
        stones = [
            {"name": f"M{n}", "at_least": bound, "amount": self.pick(["100", "33.333"])}
            for n, bound in enumerate(bounds)
        ]
        return {"by": by, "milestones": stones}

    def streak(self, said):
        said["accumulates"] = self.pick(SPANS)
        rule = {"at_least": self.pick(["1", "1.5"]), "length": self.pick([1, 2, 3])}
        rule["every"] = self.pick(["day", "week", "month"])
        if self.maybe(2):
            rule["freezes"] = self.pick([1, 2])
        if self.maybe(2):
            rule["award"] = self.pick(["once_per_period", "unlimited"])
        return rule

    def badge(self, said):
        rule = {"at_least": self.pick(["1", "2", "2.5"]), "icon": "3x"}
        if self.maybe(2):
            rule["award"] = self.pick(["once_per_period", "unlimited"])
        return rule

    def payout_curve(self, said):
        if said["accumulates"] not in SPANS:
            said["accumulates"] = "year"
        shares = self.ascending(SHARES_OF_QUOTA)
        pays = sorted((self.pick(["0", "0.3", "0.85", "1", "1.5"]) for _ in shares), key=float)
        points = [{"at": at, "pays": pay} for at, pay in zip(shares, pays, strict=True)]
        rule: dict[str, Any] = {"points": points}
        if self.credited == "pool" or self.maybe(2):
            rule["target"] = self.pick(["1000", "3333.33"])
        if self.maybe(2):
            rule["slope_above"] = self.pick(["0.5", "2"])
        if self.maybe(2):
            rule["most"] = self.pick(["1.5", "2"])
        return rule

    def interpolated_amount(self, said):
        by = self.by(said)
        bounds = self.bounds(by, said)
        points = [{"at": at, "amount": self.pick(["0", "100", "250.55"])} for at in bounds]
        return {"by": by, "points": points}

    def bonus(self, said):
        by = self.by(said)
        amounts = ["100", "250", "1000.01"]
        bonuses = [
            {"at_least": at, "amount": amount}
            for at, amount in zip(self.bounds(by, said), amounts, strict=False)
        ]
        return {"by": by, "bonuses": bonuses, "pays": self.pick(["highest", "each"])}

    def scorecard(self, said):
        if said["accumulates"] not in SPANS:
            said["accumulates"] = "year"
        items: list[dict[str, Any]] = [
            {"name": "Revenue", "weight": "60.5", "measure": "revenue"},
            {"name": "Deals", "weight": "29.5", "measure": "deals_won"},
            {"name": "Conduct", "weight": "10", "rating": "Conduct", "rated_by": "mo"},
        ]
        for item in items:
            if self.maybe():
                item["minimum"] = self.pick(["0.2", "0.5"])
            if self.maybe():
                item["maximum"] = self.pick(["1", "1.5"])
        if self.maybe():
            items[0]["conditions"] = self.conditions()
        rule: dict[str, Any] = {"items": items}
        if self.maybe(2):
            rule["target"] = self.pick(["1000", "3333.33"])
        if self.maybe():
            rule["least"] = self.pick(["10", "50"])
        if self.maybe():
            rule["most"] = self.pick(["100", "150"])
        return rule

    # What is read and what limits

    def reading(self) -> dict[str, Any]:
        measure = self.pick(["revenue", "deals_won", "meetings"])
        over = self.pick([*SPANS, "week"] if self.maybe(4) else SPANS)
        if self.pays == "week":
            over = self.pick(["week", "month", "quarter"])
        attainable = measure != "meetings" and "week" not in (self.pays, over)
        read = self.pick(["result", "attainment"]) if attainable else "result"
        return {"measure": measure, "read": read, "over": over}

    def number_for(self, reading: dict[str, Any]) -> list[str]:
        if reading["read"] == "attainment":
            return SHARES_OF_QUOTA
        return BOUNDS if reading["measure"] == "revenue" else COUNTS

    def test(self, above: str | None) -> dict[str, Any]:
        if above and self.maybe(2):
            over = self.pick(SPANS if self.pays != "week" else ["week", "month", "quarter"])
            amount = self.pick(["1", "100", "500"])
            return {"component": above, "read": "earned", "over": over, "at_least": amount}
        reading = self.reading()
        return {**reading, "at_least": self.pick(self.number_for(reading))}

    def gate(self, above: str | None) -> dict[str, Any]:
        gate = {self.pick(["all", "any"]): [self.test(above)]}
        if self.maybe():
            gate["all"] = [self.test(above), self.test(above)]
        return {"judged": self.pick(["whole", "to_date"]), **gate}

    def multiplier(self) -> dict[str, Any]:
        if self.maybe(2):
            return {"factor": self.pick(["1.1", "0.5", "0"])}
        reading = self.reading()
        bounds = self.ascending(self.number_for(reading), 2)
        factors = [self.pick(["0.8", "1", "1.25"]) for _ in range(len(bounds) + 1)]
        tiers = [{"up_to": b, "factor": f} for b, f in zip(bounds, factors, strict=False)]
        return {**reading, "tiers": [*tiers, {"factor": factors[-1]}]}

    def cap(self, said: dict[str, Any]) -> dict[str, Any]:
        cap: dict[str, Any] = {"amount": self.pick(["50", "200", "333.335"])}
        fits = self.pays != "week"
        if fits and said["yields"] == "money" and self.maybe():
            cap = {"of_quota": "0.05"}
            if self.credited != "pool" and self.maybe(2):
                cap = {"of_target": "0.5"}
        if self.pays == "week":
            return cap
        spans = [s for s in SPANS if LENGTHS.index(s) >= LENGTHS.index(self.pays)]
        if self.maybe(2):
            cap["per"] = self.pick(spans)
        elif "amount" not in cap and said["accumulates"] not in spans:
            cap["per"] = self.pays
        return cap

    # People and their history

    def day(self, first: int, last: int) -> str:
        return str(NEW_YEAR + timedelta(days=self.chance.randint(first, last)))

    def person(self) -> dict[str, Any]:
        person: dict[str, Any] = {"quotas": self.quotas()}
        if self.maybe(4):
            person["assigned"] = {"from": self.day(0, 60)}
            if self.maybe(2):
                person["assigned"]["until"] = self.day(61, 100)
        if self.maybe(4):
            person["leave"] = sorted({self.day(0, 90) for _ in range(3)})
        return person

    def quotas(self) -> dict[str, dict[str, str]]:
        amounts = {
            "revenue": ["1000", "5000", "9999.99"],
            "deals_won": ["1", "3", "4.5"],
            "target_incentive": ["500", "1234.56"],
        }
        return {
            measure: self.quotas_of(choices)
            for measure, choices in amounts.items()
            if not self.maybe(12)
        }

    def quotas_of(self, amounts: list[str]) -> dict[str, str]:
        years, quarters, months = (self.keys(kind) for kind in ("year", "quarter", "month"))
        keys = self.pick([years, quarters, months, [*months[:2], *quarters[:1], *years]])
        return {key: "0" if self.maybe(30) else self.pick(amounts) for key in keys}

    def keys(self, kind: str) -> list[str]:
        """The periods of a kind from the new year into autumn."""
        days = (NEW_YEAR + timedelta(days=n) for n in range(270))
        return list(dict.fromkeys(self.calendar.period_of(day, kind).key for day in days))

    def team(self) -> dict[str, Any]:
        members: list[dict[str, Any]] = [{"payee": "ana"}, {"payee": "bo"}]
        for member in members:
            if self.maybe(4):
                member["from"] = self.day(5, 50)
            if self.maybe(4):
                member["until"] = self.day(51, 100)
        return {"manager": "mo", "members": members, "quotas": self.quotas()}

    def instant(self, first: int, last: int) -> str:
        at = datetime.combine(NEW_YEAR, datetime.min.time())
        days = self.chance.randint(first, last)
        return f"{at + timedelta(days=days, hours=self.pick([0, 3, 12, 23]))}+00:00"

    def activity(self, number: int) -> dict[str, Any]:
        said: dict[str, Any] = {"id": f"D{number}", "on": self.instant(1, 110)}
        said["kind"] = self.pick(["deal_won"] * 6 + ["meeting", "rating"])
        cents = self.chance.randint(-200000 if self.maybe(5) else 1, 1500000)
        said["amount"] = f"{cents / 100:.2f}"
        if self.maybe(6):
            said["currency"] = "EUR"
        said["product"] = self.pick(PRODUCTS)
        said["quantity"] = self.pick(["1", "1", "2", "0.5"])
        if said["kind"] == "rating":
            said |= {"item": "Conduct", "rated_by": "mo", "quantity": self.pick(["0.8", "1.1"])}
        shares = ["ana:60;bo:40", "ana:33.33;bo:66.67", "ana:72.68;bo:27.32;mo:20:overlay"]
        shares += ["bo:100;ana:15:overlay", "ana:50;bo:50;ana:20:overlay"]
        if self.maybe(2) and said["kind"] != "rating":
            said["shares"] = self.pick(shares)
        else:
            said["payee"] = self.pick(["ana", "ana", "bo"])
        if self.maybe(4):
            said["received"] = self.instant(111, 115)
        if self.maybe():
            said["reversed"] = self.instant(20, 119)
        return said

    def locks(self) -> dict[str, str]:
        if self.maybe(4):
            return {}
        locks = {}
        for key in self.keys(self.pays)[:9]:
            end = self.calendar.period_named(key).end_day
            if end < date(2026, 4, 10):
                locks[key] = str(end + timedelta(days=self.pick([0, 4])))
        return locks


def statement_of(number: int) -> Statement:
    """The statement of a number: about ana, bo and mo, who manages the two."""
    return Statement(f"random {number}", Story(Random(number)).document())


# Drawn as a whole by one number, as a history is hundreds of choices.
statements = st.integers(0, 2**64).map(statement_of)
