"""Exchange rates: set once, superseded by what is set later, and felt by those they concern."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.core.exchange import Rate
from incentives.errors import Invalid
from incentives.operations.import_exchange_rates import import_exchange_rates
from incentives.operations.read_contest import read_contest
from incentives.operations.read_contributions import read_contributions
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.store.audit import entries_of
from incentives.store.companies import the_company
from incentives.store.exchange_rates import rates_ever_set, the_rates
from incentives.store.markers import stale_payees
from incentives.store.transaction import writing

REP = Viewer("rep")

NOVEMBER = date(2026, 11, 1)


def euro(rate="1.10", day=NOVEMBER, provider="ECB"):
    return Rate("EUR", "USD", day, Decimal(rate), provider)


def put(world, *rates):
    return set_exchange_rates(rates, by=None, now=world.now)


def test_a_rate_is_kept_with_ten_decimals_day_and_provider(world):
    rate = euro("0.0123456789")
    assert put(world, rate) == ["created"]
    assert the_rates().on("EUR", "USD", NOVEMBER) == rate
    assert the_rates().on("EUR", "USD", NOVEMBER - timedelta(days=1)) is None
    largest = euro("99999999.9999999999", day=date(2026, 12, 1))
    put(world, largest)
    assert the_rates().worth("EUR", "USD", date(2026, 12, 1)) == Decimal("99999999.9999999999")


def test_the_one_set_last_holds_and_the_earlier_stays_readable(world):
    put(world, euro("1.10"))
    world.now += timedelta(hours=1)
    assert put(world, euro("1.20")) == ["changed"]
    assert the_rates().worth("EUR", "USD", NOVEMBER) == Decimal("1.20")
    assert [stored.rate for stored in rates_ever_set()] == [Decimal("1.10"), Decimal("1.20")]
    latest, first = entries_of("exchange rate set", 5)
    assert latest.subject == "EUR to USD, from 2026-11-01"
    assert (first.before, latest.before) == (None, {"rate": "1.1", "provider": "ECB"})
    assert latest.after == {"rate": "1.2", "provider": "ECB"}


def test_the_same_again_changes_nothing(world):
    ana = world.payee("Ana Silva")
    world.deal(ana, "50", currency="EUR")
    assert put(world, euro("1.10"), euro("1.10")) == ["created", "unchanged"]
    world.refresh()
    assert put(world, euro("1.1000")) == ["unchanged"]
    assert stale_payees() == []
    assert len(entries_of("exchange rate set", 5)) == 1


def test_exactly_those_with_such_amounts_since_then_are_calculated_anew(world):
    ana, bo, cy, di = (world.payee(name) for name in ("Ana", "Bo", "Cy", "Di"))
    world.deal(ana, "50", currency="EUR", day="2026-11-10")
    world.deal(bo, "50", currency="EUR", day="2026-11-09")
    world.deal(cy, "50", currency="GBP", day="2026-11-10")
    world.deal(di, "50", day="2026-11-10")
    world.refresh()
    put(world, euro(day=date(2026, 11, 10)))
    assert stale_payees() == [ana]


def test_the_day_of_a_rate_is_the_companys(world):
    """The deal of 9 November, 23:30 in Chicago, is not concerned by a rate from the 10th."""
    ana, bo = world.payee("Ana"), world.payee("Bo")
    with writing():
        the_company().time_zone = "America/Chicago"
    midnight = the_company().calendar.start_of(date(2026, 11, 10))
    world.deal(ana, "50", currency="EUR", at=midnight)
    world.deal(bo, "50", currency="EUR", at=midnight - timedelta(minutes=30))
    world.refresh()
    put(world, euro(day=date(2026, 11, 10)))
    assert stale_payees() == [ana]


def test_a_contest_and_what_is_behind_a_score_convert(world):
    ana = world.payee("Ana Silva")
    world.deal(ana, "50", currency="EUR", day="2026-11-16")
    slug = world.contest("Sprint")
    assert read_contest(slug, now=world.now).rows[0].standing.score == 0
    put(world, euro("1.10"))
    world.refresh()
    assert read_contest(slug, now=world.now).rows[0].standing.score == 55
    why = read_contributions("revenue", ana, period="2026-Q4", viewer=REP, now=world.now)
    assert [item.value for item in why.items] == [55]


@pytest.mark.parametrize(
    ("rate", "field", "sentence"),
    [
        (Rate("EURO", "USD", NOVEMBER, Decimal(1)), "currency", "EURO is no currency"),
        (Rate("EUR", "", NOVEMBER, Decimal(1)), "to", "is no currency"),
        (Rate("USD", "USD", NOVEMBER, Decimal(1)), "to", "worth 1 of itself"),
        (euro("0"), "rate", "more than 0"),
        (euro("-1.1"), "rate", "more than 0"),
        (euro("100000000"), "rate", "below 100,000,000"),
        (euro("1.12345678901"), "rate", "at most 10 decimals"),
        (euro(day=date(1969, 12, 31)), "date", "1970 to 2199"),
        (euro(provider="x" * 61), "provider", "at most 60"),
    ],
)
def test_what_is_no_rate_is_refused_with_all_others(world, rate, field, sentence):
    with pytest.raises(Invalid) as refused:
        put(world, euro(), rate)
    assert sentence in refused.value.fields[f"1.{field}"][0]
    assert rates_ever_set() == []


def test_a_list_brings_its_good_rows_in_and_names_the_others(world):
    content = (
        "\ufeffcurrency;to;date;rate;provider\n"
        "EUR;USD;2026-11-01;1.10;ECB\n"
        "EUR;USD;2026-11-02;1,10;ECB\n"
        "GBP;USD;2026-11-31;1.30;\n"
        "EUR;USD;2026-11-01;1.20;ECB\n"
    ).encode()
    report = import_exchange_rates(content, by=None, now=world.now)
    assert (report.rows, report.created, report.rejected) == (4, 1, 3)
    assert [(issue.row, issue.field) for issue in report.issues] == [
        (3, "rate"),
        (4, "date"),
        (5, "date"),
    ]
    again = import_exchange_rates(content, by=None, now=world.now)
    assert (again.created, again.unchanged) == (0, 1)


def test_an_empty_list_is_refused_as_a_whole(world):
    with pytest.raises(Invalid, match="The file is empty"):
        import_exchange_rates(b"", by=None, now=world.now)
