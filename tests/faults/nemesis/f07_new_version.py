"""A version of the plan is published while everybody is recalculated, and taken back again."""

NAME = "F7"
WHAT = "publish a version that doubles the points, in the middle of a recalculation"
TIMES = (1, 10)


def inject(house, chance, times):
    for _ in range(times):
        for factor in (2, 1):
            house.everybody_is_behind()
            house.arm("read", "wait")
            house.connection().delete("incentives:refresh-asked")
            house.wait_until_reached("read")
            house.does("publish", str(factor))
            house.let_go("read")
            yield f"published with points ×{factor}"


def holds(house):
    """Every line of a payee that stands was reckoned by the same version, the newest."""
    rows = house.database.rows(
        "SELECT payee_id, line_terms.component_id, activity_id, origin_period, aspect, sequence, "
        "plan_version_id, amount FROM posted_line JOIN line_terms ON line_terms.id = terms_id "
        "ORDER BY sequence"
    )
    newest, totals = {}, {}
    for *subject, _sequence, version, amount in rows:
        newest[tuple(subject)] = version
        totals[tuple(subject)] = totals.get(tuple(subject), 0) + amount
    versions: dict[int, set[int]] = {}
    for subject, version in newest.items():
        if totals[subject]:
            versions.setdefault(subject[0], set()).add(version)
    for payee, found in versions.items():
        if len(found) > 1:
            yield f"what payee {payee} has was reckoned by versions {sorted(found)}"
