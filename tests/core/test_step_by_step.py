"""Worked in step by step, or all at once: the same (semantics 23).

A random plan and history is told piecemeal: activities come in any order, are wrong at first, are
cancelled and open again, are doubled and merged. After every few the difference is posted, and
pay periods are locked on the way. In the end the ledger sums to what one calculation of the final
facts gives. 100 histories, the same each time; `EXAMPLES=10000` tries more.
"""

import os
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incentives.core.calculate import calculate
from incentives.core.ledger_lines import HeldLines, Lines, lines_to_post
from incentives.core.posting import OpenPeriods
from incentives.operations.wanted_lines import wanted_lines
from tests.golden.statement import FOLDER, Statement, case_of, read_statement
from tests.naive.stories import statement_of

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))


def drawn(count: int):
    return settings(
        derandomize=True,
        deadline=None,
        max_examples=count,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


class Account:
    """What the store does for one payee: it appends, and tells what it holds."""

    def __init__(self, calendar):
        self.calendar = calendar
        self.locked = []
        self.posted = []
        # Subject: (sum, day, terms, steps), (sequence, entry).
        self.held = {}

    def post(self, wanted: Lines) -> int:
        rows = [(*subject, *line) for subject, (line, _) in self.held.items()]
        lines = Lines(*zip(*rows, strict=True)) if rows else Lines()
        held = HeldLines(lines, [last for _, last in self.held.values()])
        new = lines_to_post(wanted, held, OpenPeriods(self.calendar, self.locked))
        columns = (new.components, new.activity_ids, new.origins, new.aspects)
        rest = (new.amounts, new.days, new.terms, new.steps)
        for *subject, amount, day, terms, steps, amends, period in zip(
            *columns, *rest, new.amends, new.periods, strict=True
        ):
            key = tuple(subject)
            before, (sequence, entry) = self.held.get(key, ((0,), (0, 0)))
            assert amends == sequence, "a line amends the newest about its subject"
            assert period not in self.locked
            self.posted.append((key, period, amount))
            line = before[0] + amount, day, terms, steps or ""
            self.held[key] = line, (len(self.posted), entry + 1)
        return len(new)

    def sums(self):
        return {subject: line[0] for subject, (line, _) in self.held.items() if line[0]}


def wanted_of(statement: Statement, name: str, numbers: dict) -> Lines:
    """What a payee should have, with deals called by numbers that stay theirs."""
    lines = calculate(case_of(statement, name)).lines
    deals = {row.number: numbers[row.deal] for row in statement.rows()} | {0: 0}
    components = {(each.terms.plan_id, each.component): numbers[each.component] for each in lines}
    wanted, _ = wanted_lines(lines, components)
    return wanted._replace(activity_ids=[deals[each] for each in wanted.activity_ids])


def told_piecemeal(activities, chance):
    """What is known after each change, the final facts last."""
    known = {}
    changes = []
    for activity in activities:
        name = activity["id"]
        if chance.random() < 0.4:  # wrong at first
            changes.append((name, {**activity, "amount": "77.77"}))
        if chance.random() < 0.2:  # gone for a while
            changes += [(name, activity), (name, None)]
        if chance.random() < 0.2:  # doubled, and merged into this one
            double = f"{name} again"
            changes += [(double, {**activity, "id": double}), (double, None)]
        changes.append((name, activity))
    chance.shuffle(changes)
    final = {activity["id"]: activity for activity in activities}
    changes += [(name, final.get(name)) for name in dict.fromkeys(name for name, _ in changes)]
    for at, (name, said) in enumerate(changes, 1):
        known.pop(name, None)
        if said is not None:
            known[name] = said
        if at % 5 == 0 or at == len(changes):
            yield list(known.values())


@drawn(EXAMPLES)
@given(st.integers(0, 2**64))
def test_step_by_step_gives_what_all_at_once_gives(number):
    chance, statement = Random(number), statement_of(number)
    names = [a["id"] for a in statement.get("activities")]
    keys = [c["key"] for _, plan in statement.versions for c in plan["components"]]
    doubles = [f"{name} again" for name in names]
    numbers = {key: at for at, key in enumerate(dict.fromkeys([*names, *doubles, *keys]), 1)}
    locks = list(statement.locks)
    for name in ("ana", "mo"):
        account = Account(statement.calendar)
        for known in told_piecemeal(statement.get("activities"), chance):
            told = Statement("told", {**statement.document, "activities": known})
            account.post(wanted_of(told, name, numbers))
            if locks and chance.random() < 0.2:
                account.locked.append(locks[len(account.locked) % len(locks)])
        wanted = wanted_of(statement, name, numbers)
        assert account.post(wanted) == 0
        whole = zip(*wanted[:4], strict=True)
        assert account.sums() == {
            subject: amount for subject, amount in zip(whole, wanted.amounts, strict=True) if amount
        }


def test_a_thousand_orders_of_arrival_change_nothing():
    """Deals that happened at different moments: when each came in, and in which order, is all one.
    January 400.00 and 340.00, February 480.00, whoever was first."""
    case = case_of(read_statement(FOLDER / "year-to-date-with-a-late-deal.yaml"), "ana")
    chance, arrivals = Random(1), [credit.received_at for credit in case.credits]
    for _ in range(1_000):
        chance.shuffle(arrivals)
        credits = [
            replace(credit, received_at=at)
            for credit, at in zip(case.credits, arrivals, strict=True)
        ]
        chance.shuffle(credits)
        lines = calculate(replace(case, credits=credits)).lines
        assert sorted(line.amount for line in lines) == [34000, 40000, 48000]
