"""The form of a new plan version: the numbers of the newest document, typed anew."""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from incentives.store.plans import StoredPlanVersion

MOST_TIERS = 50
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")
Problems = dict[str, list[str]]


@dataclass
class PlanForm:
    """Texts as typed by field name, on top of the document of version `base`."""

    base: int
    document: dict[str, Any]
    texts: dict[str, str] = field(default_factory=dict)
    first_day: str = ""
    note: str = ""
    seen: str = ""

    @classmethod
    def of(cls, version: StoredPlanVersion, products: Sequence[str], first_day: date) -> "PlanForm":
        document = copy.deepcopy(version.document)
        texts = dict(_texts(document, products))
        return cls(version.number, document, texts, first_day.isoformat())

    @classmethod
    def sent(cls, version: StoredPlanVersion, data: MultiDict[str, str]) -> "PlanForm":
        form = cls(
            base=int(data.get("base", "0")) if data.get("base", "0").isdigit() else 0,
            document=copy.deepcopy(version.document),
            texts={name: text.strip() for name, text in data.items() if name.startswith("c")},
            first_day=data.get("first_day", "").strip(),
            note=data.get("note", "").strip(),
            seen=data.get("seen", ""),
        )
        form._change_tiers(data.get("do", ""))
        return form

    def _change_tiers(self, wish: str) -> None:
        """Add a tier under the last one without end, or take away the last with an end."""
        what, _, name = wish.partition(":")
        if f"{name}-tiers" not in self.texts:
            return
        count = self.tier_count(name)
        if what == "add-tier" and count < MOST_TIERS:
            self.texts[f"{name}-rate-{count + 1}"] = self.texts.get(f"{name}-rate-{count}", "")
            self.texts[f"{name}-tiers"] = str(count + 1)
        if what == "drop-tier" and count > 1:
            self.texts[f"{name}-rate-{count - 1}"] = self.texts.get(f"{name}-rate-{count}", "")
            self.texts.pop(f"{name}-up_to-{count - 1}", None)
            self.texts[f"{name}-tiers"] = str(count - 1)

    def tier_count(self, name: str) -> int:
        text = self.texts.get(f"{name}-tiers", "1")
        return max(1, min(MOST_TIERS, int(text) if text.isdigit() else 1))

    def product_rows(self, name: str) -> list[tuple[str, str, str]]:
        """(product, field name, text) of each product with points of its own."""
        rows = []
        number = 1
        while (product := self.texts.get(f"{name}-name-{number}")) is not None:
            at = f"{name}-amount-{number}"
            rows.append((product, at, self.texts.get(at, "")))
            number += 1
        return rows

    def read(self) -> tuple[dict[str, Any], date | None, Problems]:
        """The new document and its first day, with what to write instead where it cannot be."""
        problems: Problems = {}
        document = copy.deepcopy(self.document)
        for number, component in enumerate(document["components"]):
            self._write(component["rule"], f"c{number}", problems)
        return document, self._day(problems), problems

    def _day(self, problems: Problems) -> date | None:
        try:
            return date.fromisoformat(self.first_day)
        except ValueError:
            problems["first_day"] = ["Write the first day, such as 2026-12-01."]
            return None

    def _write(self, rule: dict[str, Any], name: str, problems: Problems) -> None:
        match rule["kind"]:
            case "per_unit":
                rule["amount"] = self._number(f"{name}-amount", problems)
                if rule.get("by"):
                    rule["amounts"] = {
                        product: self._number(at, problems)
                        for product, at, text in self.product_rows(name)
                        if text
                    }
            case "badge":
                rule["at_least"] = self._number(f"{name}-at_least", problems, above_zero=True)
            case "marginal_rate":
                rule["tiers"] = self._tiers(rule, name, problems)

    def _tiers(self, rule: Mapping[str, Any], name: str, problems: Problems) -> list[Any]:
        """Bounds and rates; shares are typed in per cent and kept as exact ratios."""
        of_quota = rule["tiers_by"] == "attainment"
        count = self.tier_count(name)
        tiers: list[dict[str, Any]] = []
        floor = Decimal(0)
        for number in range(1, count + 1):
            rate = self._number(f"{name}-rate-{number}", problems)
            tier: dict[str, Any] = {"rate": _ratio(rate)}
            if number < count:
                at = f"{name}-up_to-{number}"
                text = self._number(at, problems)
                if at not in problems and Decimal(text) <= floor:
                    unit = " %" if of_quota else ""
                    problems[at] = [f"Tier {number} must end above {floor:f}{unit}."]
                floor = max(floor, Decimal(text))
                tier["up_to"] = _ratio(text) if of_quota else text
            tiers.append(tier)
        return tiers

    def _number(self, name: str, problems: Problems, *, above_zero: bool = False) -> str:
        text = self.texts.get(name, "").replace(",", "")
        if not _NUMBER.fullmatch(text):
            problems[name] = ["Write a number, such as 4 or 6.5."]
            return "0"
        if above_zero and Decimal(text) <= 0:
            problems[name] = ["Write a number above 0."]
        return text


def _ratio(percent: str) -> str:
    """A per cent text as an exact ratio: 6.5 is 0.065."""
    return format(Decimal(percent).scaleb(-2), "f")


def percent_text(ratio: str) -> str:
    """An exact ratio as one types it: 0.065 is 6.5."""
    text = format(Decimal(ratio).scaleb(2), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _texts(document: Mapping[str, Any], products: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, component in enumerate(document["components"]):
        rule, name = component["rule"], f"c{number}"
        match rule["kind"]:
            case "per_unit":
                yield from _unit_texts(rule, name, products)
            case "badge":
                yield f"{name}-at_least", str(rule["at_least"])
            case "marginal_rate":
                yield from _tier_texts(rule, name)


def _unit_texts(
    rule: Mapping[str, Any], name: str, products: Sequence[str]
) -> Iterator[tuple[str, str]]:
    yield f"{name}-amount", str(rule["amount"])
    if not rule.get("by"):
        return
    amounts = rule.get("amounts", {})
    listed = [*amounts, *(product for product in products if product not in amounts)]
    known = listed if rule["by"] == "product" else list(amounts)
    for number, product in enumerate(known, start=1):
        yield f"{name}-name-{number}", product
        yield f"{name}-amount-{number}", str(amounts.get(product, ""))


def _tier_texts(rule: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    of_quota = rule["tiers_by"] == "attainment"
    yield f"{name}-tiers", str(len(rule["tiers"]))
    for number, tier in enumerate(rule["tiers"], start=1):
        yield f"{name}-rate-{number}", percent_text(str(tier["rate"]))
        if tier.get("up_to") is not None:
            bound = str(tier["up_to"])
            yield f"{name}-up_to-{number}", percent_text(bound) if of_quota else bound
