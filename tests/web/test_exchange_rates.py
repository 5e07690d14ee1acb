"""The page of exchange rates: finance's, one by one or as a list."""

from io import BytesIO

import pytest

from incentives.store.exchange_rates import rates_ever_set

RATE = {"currency": "eur", "to": "USD", "date": "2026-11-01", "rate": "1.0834", "provider": "ECB"}


@pytest.fixture
def fay(world):
    world.login("Fay", "finance")
    return world.sign_in("Fay")


def test_a_rate_is_set_corrected_and_its_history_shown(fay):
    assert "No rate yet" in fay.get("/exchange-rates").text
    assert fay.post("/exchange-rates", data=RATE).status_code == 302
    assert fay.post("/exchange-rates", data={**RATE, "rate": "1.09"}).status_code == 302
    page = fay.get("/exchange-rates").text
    assert "EUR to USD" in page
    assert page.index(">1.09<") < page.index(">1.0834<")
    assert page.count("Replaced") == 1
    assert "Fay" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"rate": "1,08"}, "is not a number as we read it"),
        ({"rate": ""}, "Write the rate, such as 1.0834."),
        ({"rate": "0"}, "A rate is more than 0."),
        ({"date": ""}, "Write the first day of the rate."),
        ({"currency": "XXL"}, "XXL is no currency."),
        ({"currency": "USD"}, "worth 1 of itself"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(fay, said, sentence):
    answer = fay.post("/exchange-rates", data={**RATE, **said})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="ECB"' in answer.text
    assert rates_ever_set() == []


ROWS = "currency,to,date,rate\nEUR,USD,2026-11-01,1.1\nEUR,USD,2026-11-02,much\n"


@pytest.mark.parametrize("way", ["pasted", "uploaded"])
def test_a_list_comes_in_either_way_and_bad_rows_are_named(fay, way):
    file = (BytesIO(ROWS.encode()), "rates.csv")
    sent = {"list": ROWS} if way == "pasted" else {"file": file}
    page = fay.post("/exchange-rates/list", data=sent).text
    assert "1 thing to correct" in page
    assert "much is not a number as we read it" in page
    assert len(rates_ever_set()) == 1


def test_a_list_that_says_nothing_is_refused(fay):
    answer = fay.post("/exchange-rates/list", data={"list": "a,b\n1,2\n"})
    assert answer.status_code == 422
    assert "Say which column holds the currency." in answer.text
    assert "a,b" in answer.text


def test_rates_are_found_by_currencies_page_by_page(fay):
    days = "\n".join(f"EUR,USD,2026-0{m}-{d:02},1.1" for m in (1, 2) for d in range(1, 29))
    fay.post("/exchange-rates/list", data={"list": f"currency,to,date,rate\n{days}\n"})
    fay.post("/exchange-rates", data={**RATE, "currency": "GBP"})
    assert "Page 1 of 2" in fay.get("/exchange-rates").text
    page = fay.get("/exchange-rates?pair=GBP+to+USD").text
    assert "1.0834" in page
    assert "2026-01" not in page
    assert fay.get("/exchange-rates?page=99&pair=nothing").status_code == 200


@pytest.mark.parametrize("role", ["rep", "manager", "administrator"])
def test_rates_are_set_by_finance_alone(world, role):
    world.login("Zed", role)
    zed = world.sign_in("Zed")
    assert zed.get("/exchange-rates").status_code == 403
    assert zed.post("/exchange-rates", data=RATE).status_code == 403
    assert zed.post("/exchange-rates/list", data={"list": ROWS}).status_code == 403
    assert "Exchange rates" not in zed.get("/data").text
    assert rates_ever_set() == []


def test_data_leads_to_the_rates(fay):
    assert 'href="/exchange-rates"' in fay.get("/data").text
