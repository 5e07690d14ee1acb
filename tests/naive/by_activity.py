"""Rules that pay by activity: each line is what the table gives after it, less what before."""

from fractions import Fraction
from math import floor

from tests.naive.by_period import deal_due, pays_by_period
from tests.naive.facts import Blocked
from tests.naive.streaks import streak_amounts
from tests.naive.tables import exact, packages, reaches, slices, tier_reached


def activity_amounts(model, key, entries):
    """(fact, component, value, amount) of the facts of one accumulation span, in order."""
    done, position, reached = Fraction(0), Fraction(0), set()
    for fact, said, value, moves in entries:
        before, after = (position, position + moves)
        units, units_after = (done, done + value)
        position, done = after, units_after
        alone = said.get("accumulates", "deal") == "deal"
        if pays_by_period(said) and not alone:
            continue
        try:
            if pays_by_period(said):
                amount = deal_due(model, said, fact, value, moves)
            elif said["rule"]["kind"] == "streak":
                continue
            else:
                unit = _quota(model, said, fact)
                amount = _amount(
                    model, key, said, fact, value, before, after, units, units_after, unit, reached
                )
        except Blocked as blocked:
            model._issue(key, fact.day, blocked)
            continue
        yield fact, said, value, amount
    yield from streak_amounts(model, entries)


def _quota(model, said, fact) -> Fraction:
    """What a bound of 1 stands for: the quota where tiers are read by attainment."""
    rule = said["rule"]
    if "attainment" not in (rule.get("tiers_by"), rule.get("by")) or rule["kind"] == "per_unit":
        return Fraction(1)
    measure = said.get("attainment", said)["measure"]
    span = model.calendar.period_of(fact.day, said["accumulates"])
    return model.quota(said, measure, span, model.books.pay_period(fact.day), fact.day)


def _amount(model, key, said, fact, value, before, after, units, units_after, unit, reached):
    rule = said["rule"]
    match rule["kind"]:
        case "flat_rate":
            return value * exact(rule["rate"])
        case "spif":
            return value * exact(rule.get("amount", rule.get("rate")))
        case "per_unit":
            per = rule.get("amounts", {}).get(
                fact.row.attributes.get(rule.get("by"), ""), rule["amount"]
            )
            package = rule.get("package")
            return exact(per) * (packages(units_after, package) - packages(units, package))
        case "marginal_rate":
            rates = effective_rates(model, key, said, fact.day)
            moves = after - before
            if moves == 0:
                at = tier_reached(rule["tiers"], after / unit, said.get("at_bound", "upper"))
                return value * rates[at]
            parts = slices(rule["tiers"], before, after, unit)
            return sum(value * part / moves * r for part, r in zip(parts, rates, strict=True))
        case "unit_tiers":
            return _units_due(rule, after, unit) - _units_due(rule, before, unit)
        case "milestone":
            return _milestones(said, before / unit, after / unit, reached)
        case "badge":
            return _badges(said, after) - _badges(said, before)
    raise AssertionError(rule)


def effective_rates(model, key, said, day) -> list[Fraction]:
    """The rate of each tier; where `only_if` fails, that of the tier below."""
    rates = []
    for tier in said["rule"]["tiers"]:
        rate = exact(tier["rate"])
        if "only_if" in tier and not model.test_holds(tier["only_if"], said, day, "to_date", key):
            rate = rates[-1] if rates else Fraction(0)
        rates.append(rate)
    return rates


def _units_due(rule, position, unit) -> Fraction:
    due = Fraction(0)
    parts = slices(rule["tiers"], Fraction(0), position, unit)
    for tier, part in zip(rule["tiers"], parts, strict=True):
        due += packages(part, tier.get("package")) * exact(tier.get("amount", 0))
        due += exact(tier.get("flat", 0)) if part > 0 else 0
    return due


def _milestones(said, before, after, reached: set) -> Fraction:
    amount, at_bound = Fraction(0), said.get("at_bound", "upper")
    for each in said["rule"]["milestones"]:
        at, name = each["at_least"], each["name"]
        if reaches(after, at, at_bound):
            amount += 0 if name in reached else exact(each["amount"])
            reached.add(name)
        elif reaches(before, at, at_bound) and name in reached:
            reached.remove(name)
            amount -= exact(each["amount"])
    return amount


def _badges(said, position) -> Fraction:
    rule, at_bound = said["rule"], said.get("at_bound", "upper")
    if rule.get("award", "once_per_period") == "once_per_period":
        return Fraction(reaches(position, rule["at_least"], at_bound))
    times = max(0, floor(position / exact(rule["at_least"])))
    return Fraction(
        times if reaches(position, times * exact(rule["at_least"]), at_bound) else max(0, times - 1)
    )
