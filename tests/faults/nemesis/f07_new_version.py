"""A version of the plan is published while a thousand payees are recalculated, and taken back
again. What a payee has was reckoned by one version at every moment."""

from tests.faults.plan import Plan

NAME = "F7"
WHAT = "publish a version that doubles the points, in the middle of recalculating 1,000 payees"
PLAN = Plan(payees=1_000)
TIMES = (1, 10)
LOAD = 20
SECONDS = 120.0


def inject(house, chance, times):
    house.note("mixed", set())
    payees = [f"person-{number}" for number in range(house.plan.payees)]
    # Everybody has something that the version decides.
    house.client("f7").send_at_once([house.deal(payee) for payee in payees])
    for _ in range(times):
        for factor in (2, 1):
            house.everybody_is_behind()
            house.arm("read", "wait")
            house.wait_until_reached("read")
            house.does("publish", str(factor))
            house.let_go("read")
            wanted = house.wanted()
            house.wait_for(lambda wanted=wanted: _all_through(house, wanted), SECONDS)
            yield f"published with points ×{factor}"


def _all_through(house, wanted):
    house.noted["mixed"] |= _mixed(house)
    computed = house.computed()
    return all(computed[payee] >= count for payee, count in wanted.items())


def _mixed(house):
    """Payees of whom the lines that stand were reckoned by more than one version."""
    rows = house.database.rows(
        "SELECT payee_id, line_terms.component_id, activity_id, origin_period, aspect, "
        "plan_version_id, amount FROM posted_line JOIN line_terms ON line_terms.id = terms_id "
        "ORDER BY sequence"
    )
    newest, totals = {}, {}
    for *subject, version, amount in rows:
        newest[tuple(subject)] = version
        totals[tuple(subject)] = totals.get(tuple(subject), 0) + amount
    versions: dict[int, set[int]] = {}
    for subject, version in newest.items():
        if totals[subject]:
            versions.setdefault(subject[0], set()).add(version)
    return {payee for payee, found in versions.items() if len(found) > 1}


def holds(house):
    if mixed := house.noted["mixed"] | _mixed(house):
        yield f"{len(mixed)} payees were reckoned by two versions at once, such as {min(mixed)}"
