"""The golden statements, told to one company: each with people and a plan of its own."""

from datetime import timedelta
from decimal import Decimal

from incentives.core.activity import Activity, Share
from incentives.core.exchange import Rate
from incentives.operations.change_people import add_person, add_team
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.record_activities import record_activities
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.operations.set_quota import set_quota, set_team_quota
from incentives.store import people, plans
from incentives.store.leave import Leave
from incentives.store.plans import Assignment
from incentives.store.teams import MANAGER, MEMBER, Membership, Team
from incentives.store.transaction import writing
from tests.golden.statement import all_statements, day_of, optional_day, quotas_of, shares_of


def tellable():
    """All but those of companies with another calendar."""
    return [statement for statement in all_statements() if not statement.get("company")]


def tell(statement, number, now):
    """People, teams, quotas, rates, plan and deals; what is locked there stays open here."""
    names = {name: f"{name} {number}" for name in statement.people}
    with writing() as session:
        found = {
            name: add_person(session, called, is_payee=True, by=None, now=now)
            for name, called in names.items()
        }
        codes = {name: person.code for name, person in found.items()}
        for name, person in found.items():
            _goals(session, statement, name, person, now)
        for key, team in statement.get("teams", {}).items():
            _team(session, f"{key} {number}", team, found, now)
    _rates(statement, now)
    _plan(statement, number, codes, now)
    _deals(statement, number, codes, now)


def _goals(session, statement, name, person, now):
    for (measure, period), amount in statement.quotas(name).items():
        set_quota(session, person, measure, period, amount, by=None, now=now)
    for day in statement.leave(name):
        leave = Leave(payee_id=person.id, first_day=day, end_day=day + timedelta(days=1))
        session.add(leave)


def _team(session, name, said, found, now):
    team = session.get(Team, add_team(session, name, by=None, now=now).id)
    for member in said["members"]:
        session.add(
            Membership(
                person_id=found[member["payee"]].id,
                team_id=team.id,
                role=MEMBER,
                first_day=day_of(member.get("from", "0001-01-01")),
                end_day=optional_day(member.get("until")),
            )
        )
    manager = found.get(said.get("manager"))
    if manager:
        session.add(
            Membership(
                person_id=manager.id,
                team_id=team.id,
                role=MANAGER,
                first_day=day_of("0001-01-01"),
            )
        )
    for (measure, period), amount in quotas_of(said.get("quotas", {})).items():
        set_team_quota(session, team, measure, period, amount, by=None, now=now)


def _rates(statement, now):
    rates = [
        Rate(each["currency"], each["to"], day_of(each["from"]), Decimal(str(each["rate"])), "ECB")
        for each in statement.get("rates", [])
    ]
    if rates:
        set_exchange_rates(rates, by=None, now=now)


def _plan(statement, number, codes, now):
    slug = None
    for first_day, document in statement.versions:
        said = {**document, "name": f"Plan {number}"}
        slug, _ = publish_plan_version(said, first_day=first_day, slug=slug, by=None, now=now)
    with writing() as session:
        plan = plans.plan_by_slug(slug)
        ids = people.payees_called(codes.values())
        for name, code in codes.items():
            first_day, end_day = statement.assigned(name)
            session.add(
                Assignment(
                    payee_id=ids[code], plan_id=plan.id, first_day=first_day, end_day=end_day
                )
            )


def _deals(statement, number, codes, now):
    source, currency = f"s{number}", statement.versions[0][1]["currency"]
    reserved = {"on", "payee", "shares", "amount", "id", "kind", "currency", "quantity"}
    reserved |= {"received", "reversed", "source"}
    for at, said in enumerate(statement.get("activities", []), 1):
        activity = Activity(
            source=source,
            external_id=str(said.get("id", f"D{at}")),
            kind=said.get("kind", "deal_won"),
            shares=tuple(
                Share(codes[payee], percent, overlay) for payee, percent, overlay in shares_of(said)
            ),
            occurred_at=statement.instant(said["on"]),
            amount=Decimal(str(said.get("amount", 0))),
            currency=said.get("currency", currency),
            quantity=Decimal(str(said.get("quantity", 1))),
            attributes={k: str(v) for k, v in said.items() if k not in reserved},
            reversed="reversed" in said,
        )
        record_activities([(at, activity)], now=now)
