"""Rules that pay by period: what is due for a span up to a day."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.naive.facts import Blocked, Fact
from tests.naive.tables import (
    between,
    bounds,
    exact,
    packages,
    reaches,
    slices,
    tier_reached,
)

AMOUNT_LIKE = {"payout_curve", "interpolated_amount", "bonus", "scorecard"}


def pays_by_period(said) -> bool:
    rule = said["rule"]
    retroactive = rule["kind"] == "unit_tiers" and rule.get("reading") == "retroactive"
    return rule["kind"] in {"retroactive_rate", *AMOUNT_LIKE} or retroactive


def due(model, said, facts, span, period, until) -> Fraction:
    """What the results of a span up to a day give, before anything was paid."""
    placed = _placed(facts, span, until)
    result = placed[-1].after if placed else Fraction(0)
    if said["rule"]["kind"] in AMOUNT_LIKE:
        return _amount_due(model, said, span, period, until, result)
    return _rates_due(model, said, placed, span, period, result)


def in_period(model, said, facts, span, period) -> Fraction:
    """The table at the result to date, paid on this period's credits only."""
    placed = _placed(facts, span, period.end_day)
    result = placed[-1].after if placed else Fraction(0)
    if said["rule"]["kind"] in AMOUNT_LIKE:
        return _amount_due(model, said, span, period, period.end_day, result)
    new = [each for each in placed if each.fact.day in period]
    return _rates_due(model, said, new, span, period, result)


def deal_due(model, said, fact, value, moves) -> Fraction:
    """An activity as a span of its own."""
    period = model.books.pay_period(fact.day)
    if said["rule"]["kind"] in AMOUNT_LIKE:
        return _amount_due(model, said, None, period, None, moves)
    alone = Placed(fact, said, value, Fraction(0), moves)
    return _rates_due(model, said, [alone], None, period, moves)


@dataclass(frozen=True)
class Placed:
    """What a fact is worth, and the way it moves the running sum of its span."""

    fact: Fact
    said: dict[str, Any]
    value: Fraction
    before: Fraction
    after: Fraction


def _placed(facts, span, until) -> list[Placed]:
    placed, position = [], Fraction(0)
    for fact, own, value, moves in facts:
        if fact.day in span and fact.day < until:
            placed.append(Placed(fact, own, value, position, position + moves))
            position += moves
    return placed


def rate_paid(model, said, facts, span, until, period) -> Fraction:
    """What one unit was paid; 0 for rules that give amounts, which leave nothing to take back."""
    rule = said["rule"]
    if rule["kind"] in AMOUNT_LIKE:
        return Fraction(0)
    placed = _placed(facts, span, until)
    result = placed[-1].after if placed else Fraction(0)
    at = _reached(said, result / _unit(model, said, span, period))
    if rule["kind"] == "retroactive_rate":
        return _rate_of_all(model, said, placed, at, span, period)
    tier = rule["tiers"][at]
    return exact(tier.get("amount", 0)) / exact(tier.get("package", 1))


def _rate_of_all(model, said, placed, at, span, period) -> Fraction:
    """The rate reached or, where tiers turn marginal, what a unit was paid on average: of all that
    is due to date or, where each period pays its own, of that."""
    rates, own = (
        _rates(model, said, model.judged_on(said, span, period)),
        [each for each in placed if each.said == said],
    )
    if said.get("to_date") == "in_period":
        own = [each for each in own if each.fact.day in period]
    sold = sum((each.value for each in own), Fraction(0))
    if "marginal_from" not in said["rule"] or not sold:
        return rates[at]
    unit = _unit(model, said, span, period)
    return sum(_at_rates(said["rule"], each, rates, at, unit) for each in own) / sold


def _unit(model, said, span, period) -> Fraction:
    rule = said["rule"]
    if "attainment" not in (rule.get("tiers_by"), rule.get("by")) and rule["kind"] not in (
        "payout_curve",
    ):
        return Fraction(1)
    measure = said.get("attainment", said)["measure"]
    return model.quota(said, measure, span, period, model.books.last_day(period))


def _rates(model, said, day):
    from tests.naive.by_activity import effective_rates

    return effective_rates(model, said["key"], said, day)


def _reached(table, position) -> int:
    """The tier that a position reads; from `marginal_from` on, the one just below it."""
    rule = table["rule"]
    at = tier_reached(rule["tiers"], position, table.get("at_bound", "upper"))
    if "marginal_from" in rule and position >= exact(rule["marginal_from"]):
        at = min(at, bounds(rule["tiers"]).index(exact(rule["marginal_from"])))
    return at


def _rates_due(model, said, placed: list[Placed], span, period, result) -> Fraction:
    """Credits at the tier of the common result, those of each version at its own table."""
    tables = []
    for each in placed:
        if each.said not in tables:
            tables.append(each.said)
    total = Fraction(0)
    for table in tables:
        own = [each for each in placed if each.said == table]
        unit = _unit(model, table, span, period)
        if table["rule"]["kind"] == "unit_tiers":
            total += _units(table, own, result / unit)
        elif table["rule"]["kind"] == "retroactive_rate":
            # A deal that is paid alone has no span but its own day.
            day = model.judged_on(table, span, period) if span else own[0].fact.day
            rates, at = _rates(model, table, day), _reached(table, result / unit)
            total += sum(_at_rates(table["rule"], each, rates, at, unit) for each in own)
    return total


def _units(table, own: list[Placed], position) -> Fraction:
    tier = table["rule"]["tiers"][_reached(table, position)]
    units = sum((each.value for each in own), Fraction(0))
    flat = exact(tier.get("flat", 0)) if units > 0 else 0
    return packages(units, tier.get("package")) * exact(tier.get("amount", 0)) + flat


def _at_rates(rule, each: Placed, rates, at, unit) -> Fraction:
    """A credit at the rate reached; what lies above `marginal_from`, tier by tier."""
    if "marginal_from" not in rule:
        return each.value * rates[at]
    start, moves = exact(rule["marginal_from"]) * unit, each.after - each.before
    if moves == 0:
        return each.value * rates[at]
    below = min(each.after, start) - min(each.before, start)
    parts = slices(rule["tiers"], max(each.before, start), max(each.after, start), unit)
    paid = below * rates[at] + sum(part * rate for part, rate in zip(parts, rates, strict=True))
    return each.value * paid / moves


def _amount_due(model, said, span, period, until, result) -> Fraction:
    rule, day = said["rule"], model.books.last_day(period)
    position = result / _unit(model, said, span, period)
    match rule["kind"]:
        case "payout_curve":
            return _curve(rule, position) * model.target(said, rule, span, period, day)
        case "interpolated_amount":
            return between(rule["points"], position, "amount") or Fraction(0)
        case "bonus":
            reached = [
                exact(each["amount"])
                for each in rule["bonuses"]
                if reaches(position, each["at_least"], said.get("at_bound", "upper"))
            ]
            if rule.get("pays", "highest") == "each":
                return sum(reached, Fraction(0))
            return reached[-1] if reached else Fraction(0)
        case "scorecard":
            target = model.target(said, rule, span, period, day)
            return target * _score(model, said, rule, span, period, until) / 100
    raise AssertionError(rule)


def _curve(rule, attainment) -> Fraction:
    points = rule["points"]
    share = between(points, attainment, "pays")
    if share is None:
        return Fraction(0)
    beyond = attainment - exact(points[-1]["at"])
    if beyond > 0:
        share += exact(rule.get("slope_above", 0)) * beyond
    return min(share, exact(rule["most"])) if "most" in rule else share


def _score(model, said, rule, span, period, until) -> Fraction:
    score = Fraction(0)
    for item in rule["items"]:
        achieved = _achievement(model, said, item, span, period, until)
        if "minimum" in item and achieved < exact(item["minimum"]):
            achieved = Fraction(0)
        if "maximum" in item:
            achieved = min(achieved, exact(item["maximum"]))
        score += exact(item["weight"]) * achieved
    if "least" in rule and score < exact(rule["least"]):
        return Fraction(0)
    return min(score, exact(rule["most"])) if "most" in rule else score


def _achievement(model, said, item, span, period, until) -> Fraction:
    if "rating" in item:
        said = {**said, "credits": "all", "credited": "own"}
    facts = [f for f in model.audience(said) if f.day in span and f.day < until]
    if "rating" in item:
        ratings = [
            fact.row
            for fact in facts
            if fact.row.kind == "rating"
            and fact.row.attributes.get("item") == item["rating"]
            and fact.row.attributes.get("rated_by") == item["rated_by"]
        ]
        return Fraction(ratings[-1].quantity) if ratings else Fraction(0)
    result = Fraction(0)
    for fact in facts:
        try:
            result += model.worth(fact, said, item["measure"], item.get("conditions", {})) or 0
        except Blocked:
            continue
    day = model.books.last_day(period)
    return result / model.quota(said, item["measure"], span, period, day)
