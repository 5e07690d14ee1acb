"""The Data page by browser: upload, columns, check, report, import; and who may."""

import io
import re
from datetime import timedelta

import pytest

from incentives.operations.run_import import run_import
from incentives.store.activities import count_activities
from incentives.store.import_runs import latest_runs
from incentives.store.transaction import writing

HEADER = "opportunity_id,sales_agent,product,deal_stage,close_date,close_value"
ROWS = [
    "A1,Ana Silva,GTX Pro,Won,2026-11-01,100",
    "A2,Ana Silva,GTX Pro,Won,2026-11-02,200",
    "A3,=cmd(),GTX Pro,Won,2016-13-40,300",
]


@pytest.fixture
def finance(world):
    world.payee("Ana Silva")
    world.login("Dana Ortiz", "finance")
    return world.sign_in("Dana Ortiz")


def upload(client, *rows, name="deals.csv"):
    content = "\n".join([HEADER, *rows]).encode()
    return client.post("/data/imports", data={"file": (io.BytesIO(content), name)})


def work(world):
    run_import(latest_runs(1)[0].id, now=lambda: world.now)


def columns(page):
    """The form's kind and its chosen columns, as a browser would send them."""
    chosen = {"kind": re.search(r'name="kind" value="([a-z]+)"', page).group(1)}
    for name, options in re.findall(r'<select[^>]*name="(column-[a-z_]+)".*?>(.*?)</select>', page):
        selected = re.search(r'value="([^"]*)" selected', options)
        chosen[name] = selected.group(1) if selected else ""
    return chosen


def test_from_upload_to_board(world, finance):
    assert "No file has come in" in finance.get("/data").text
    answer = upload(finance, *ROWS)
    assert answer.status_code == 302
    address = answer.location
    form = finance.get(address).text
    assert columns(form)["column-close_value"] == "close_value"

    answer = finance.post(f"{address}/check", data=columns(form))
    assert answer.status_code == 302
    waiting = finance.get(address, headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 1s"' in waiting
    work(world)
    checked = finance.get(address, headers={"HX-Request": "true"}).text
    assert "hx-trigger" not in checked  # asking ends by itself
    assert "Import 2 rows" in checked
    assert "There is no day or time 2016-13-40" in checked
    assert count_activities() == 0

    assert finance.post(f"{address}/application").status_code == 302
    work(world)
    assert count_activities() == 2
    done = finance.get(address).text
    assert "See the board" in done
    assert "2 created, 0 changed, 1 rejected" in finance.get("/data").text


def test_a_check_that_nobody_takes_up_says_that_it_waits(world, finance):
    address = upload(finance, *ROWS).location
    finance.post(f"{address}/check", data=columns(finance.get(address).text))
    with writing():
        latest_runs(1)[0].touched_at -= timedelta(seconds=5)
    assert "No worker has taken this up yet" in finance.get(address).text


def test_issues_can_be_downloaded_and_run_in_no_spreadsheet(world, finance):
    address = upload(finance, *ROWS).location
    finance.post(f"{address}/check", data=columns(finance.get(address).text))
    work(world)
    answer = finance.get(f"{address}/issues.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0] == "row,field,value,what to write,code"
    assert lines[1].startswith("4,sales_agent,'=cmd(),")


def test_a_column_that_is_missing_is_named_beside_its_field(world, finance):
    address = upload(finance, *ROWS).location
    chosen = {**columns(finance.get(address).text), "column-deal_stage": ""}
    answer = finance.post(f"{address}/check", data=chosen)
    assert answer.status_code == 422
    assert "Say which column holds the stage." in answer.text
    assert columns(answer.text)["column-close_value"] == "close_value"


def test_a_file_that_is_none_is_refused_on_the_page(finance):
    answer = finance.post("/data/imports", data={"file": (io.BytesIO(b"PK\x03\x04"), "a.xlsx")})
    assert answer.status_code == 422
    assert "Save it as CSV" in answer.text
    assert finance.post("/data/imports", data={}).status_code == 422


def test_an_import_that_is_not_there_is_not_found(finance):
    assert finance.get("/data/imports/99").status_code == 404


def test_reps_do_not_import(world):
    rep = world.payee("Reed Clapper")
    world.login("Reed Clapper", "rep", person_id=rep)
    client = world.sign_in("Reed Clapper")
    for address in ("/data", "/data/activities", "/data/imports/1", "/data/imports/1/issues.csv"):
        assert client.get(address).status_code == 403
    assert upload(client, *ROWS).status_code == 403
