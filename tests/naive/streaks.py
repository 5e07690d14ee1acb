"""Streaks: hits in a row, days off left out, misses bridged by freezes as long as they last."""

from collections import defaultdict
from fractions import Fraction

from tests.naive.tables import reaches


def streak_amounts(model, entries):
    """One award for the activity that completes a run, all within one accumulation span."""
    streaks = [each for each in entries if each[1]["rule"]["kind"] == "streak"]
    if not streaks:
        return
    said = streaks[0][1]
    rule = said["rule"]
    every, length = rule.get("every", "day"), int(rule["length"])
    span = model.calendar.period_of(streaks[0][0].day, said["accumulates"])
    hits = _hits(model, streaks, rule, every)
    run, freezes = 0, int(rule.get("freezes", 0))
    awards = defaultdict(int)
    for period in model.calendar.parts(span, every):
        if period.first_day > model.statement.as_of:
            break
        if every == "day" and not _is_working_day(model, period.first_day):
            continue
        if period.key in hits:
            run += 1
            once = rule.get("award", "once_per_period") == "once_per_period"
            if (not awards if once else True) and run % length == 0:
                awards[id(hits[period.key])] += 1
        elif freezes and run:
            freezes -= 1
        else:
            run = 0
    for fact, own, value, _ in streaks:
        yield fact, own, value, Fraction(awards.get(id(fact), 0) * int(rule.get("amount", 1)))


def _hits(model, streaks, rule, every):
    """The fact that brings each day, week or month to its number."""
    sums, hits = defaultdict(Fraction), {}
    for fact, _, value, _ in streaks:
        period = model.calendar.period_of(fact.day, every).key
        sums[period] += value
        if reaches(sums[period], rule["at_least"], streaks[0][1].get("at_bound", "upper")):
            hits.setdefault(period, fact)
        else:
            hits.pop(period, None)
    return hits


def _is_working_day(model, day) -> bool:
    return day.weekday() < 5 and day not in model.quotas.leave
