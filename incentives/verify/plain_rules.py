"""The rules the checker reckons by itself, from the words of docs/plans.md: one rate, an amount for
each unit, marginal tiers, and SPIFs without a budget. All others are left to the engine."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from incentives.verify.facts import MEASURES, MONEY_MEASURES, Fact

_PLAIN = ("flat_rate", "per_unit", "marginal_rate", "spif")
_NUMERIC = ("at_least", "below")


def why_not_plain(component: Mapping[str, Any]) -> str | None:
    """Why a component is not reckoned here, in a few words; None where it is."""
    rule = component["rule"]
    if rule["kind"] not in _PLAIN:
        return str(rule["kind"])
    if component["yields"] not in ("points", "money"):
        return str(component["yields"])
    if component.get("credited", "own") != "own":
        return f"credits of a {component['credited']}"
    for name in ("gate", "cap", "floor", "attainment"):
        if component.get(name):
            return str(name)
    if "tiers" in (component.get("multiplier") or {}):
        return "multiplier by a result"
    if rule.get("budget") is not None:
        return "budget"
    if any(tier.get("only_if") for tier in rule.get("tiers", ())):
        return "tiers with a test"
    if any(_reads_amount_as_text(row) for row in _rows(component)):
        return "an amount compared as a text"
    return None


def needs_quota(component: Mapping[str, Any]) -> bool:
    return bool(component["rule"].get("tiers_by") == "attainment")


def value_of(fact: Fact, component: Mapping[str, Any]) -> Fraction | None:
    """What a fact adds to what a component pays on; None where it does not count."""
    window = component.get("window")
    if window and not window["from"] <= fact.day.isoformat() < window["until"]:
        return None
    wanted = component.get("credits", "all")
    if wanted != "all" and fact.overlay != (wanted == "overlay"):
        return None
    value = fact.measured(component["measure"])
    return value if value is not None and _meets(fact, component) else None


def _rows(component: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    said = component.get("conditions") or {}
    return [*said.get("all", ()), *said.get("any", ())]


def _reads_amount_as_text(row: Mapping[str, Any]) -> bool:
    return row["field"] == "amount" and row["comparison"] not in _NUMERIC


def _meets(fact: Fact, component: Mapping[str, Any]) -> bool:
    said = component.get("conditions") or {}
    some = said.get("any", ())
    return all(_holds(fact, row) for row in said.get("all", ())) and (
        not some or any(_holds(fact, row) for row in some)
    )


def _holds(fact: Fact, row: Mapping[str, Any]) -> bool:
    name, value = row["field"], row["value"]
    if row["comparison"] in _NUMERIC:
        found = fact.amount if name == "amount" else _number(fact.attributes.get(name, ""))
        if found is None:
            return False
        bound = Fraction(str(value))
        return found >= bound if row["comparison"] == "at_least" else found < bound
    named = {"kind": fact.kind, "source": fact.source}
    text = named[name] if name in named else fact.attributes.get(name, "")
    match row["comparison"]:
        case "is":
            return bool(text == value)
        case "is_not":
            return bool(text != value)
    return text in value


def _number(text: str) -> Fraction | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() else None


def earned(
    component: Mapping[str, Any],
    fact: Fact,
    value: Fraction,
    start: Fraction,
    quota: Fraction | None,
) -> Fraction:
    """What a value pays, in units of the yield, unrounded; `start` is the sum before it."""
    rule = component["rule"]
    times = Fraction((component.get("multiplier") or {}).get("factor", 1))
    match rule["kind"]:
        case "marginal_rate":
            bounds = quota if quota is not None else Fraction(1)
            tiers = rule["tiers"]
            paid = _marginal(tiers, start + value, bounds) - _marginal(tiers, start, bounds)
        case "per_unit" if rule.get("package") is not None:
            size = Fraction(rule["package"])
            paid = (_packages(start + value, size) - _packages(start, size)) * Fraction(
                rule["amount"]
            )
        case "per_unit":
            named = rule.get("amounts", {}) if rule.get("by") else {}
            text = fact.attributes.get(rule.get("by") or "", "")
            paid = value * Fraction(named.get(text, rule["amount"]))
        case _:
            rate = rule.get("rate")
            paid = value * Fraction(rule["amount"] if rate is None else rate)
    return paid * times


def _marginal(tiers: Sequence[Mapping[str, Any]], result: Fraction, unit: Fraction) -> Fraction:
    """What a whole result pays: each part at the rate of its own tier. Below nothing the first
    tier goes on."""
    paid, bottom = Fraction(0), Fraction(0)
    if result < 0:
        return result * Fraction(tiers[0]["rate"])
    for tier in tiers:
        top = None if tier.get("up_to") is None else Fraction(tier["up_to"]) * unit
        inside = result - bottom if top is None else min(result, top) - bottom
        if inside <= 0:
            break
        paid += inside * Fraction(tier["rate"])
        if top is None:
            break
        bottom = top
    return paid


def _packages(result: Fraction, size: Fraction) -> int:
    """Packages begun, the mirror below nothing."""
    count = -(-abs(result) // size)
    return int(count if result >= 0 else -count)


def waits_for_rate(fact: Fact, component: Mapping[str, Any]) -> bool:
    """Whether it counts only once an exchange rate is set."""
    if fact.amount is not None or fact.kind not in MEASURES[component["measure"]][0]:
        return False
    reads_amount = any(row["field"] == "amount" for row in _rows(component))
    return component["measure"] in MONEY_MEASURES or reads_amount
