"""A company that starts empty gets everything in by the Data page."""

import io
import re
from pathlib import Path

import pytest

from incentives.clock import now
from incentives.operations.run_import import run_import
from incentives.operations.set_up_company import make_set_up_link
from incentives.store import people, products, teams
from incentives.store.activities import count_activities
from incentives.store.audit import entries_about
from tests.web.test_data import columns
from tests.web.test_set_up import FORM

DATA = Path("incentives/demo/data")
TEAMS = """sales_agent,manager,regional_office
Ana Silva,Mia Berg,East
Bo Lind,Mia Berg,East
"""
PRODUCTS = """product,series,sales_price
GTX Pro,GTX,4821
"""
DEALS = """opportunity_id,sales_agent,product,deal_stage,close_date,close_value
A1,Ana Silva,GTX Pro,Won,2026-11-01,100
A2,Cy Okoro,GTX Pro,Won,2026-11-02,200
"""


@pytest.fixture
def administrator(world):
    """The first and only person of a company that was set up a moment ago."""
    client = world.app.test_client()
    client.post(f"/set-up/{make_set_up_link(now=now())}", data=FORM)
    client.post("/sign-in", data={"email": FORM["email"], "password": FORM["password"]})
    return client


def upload(client, content, kind=""):
    """The address of the import, once the file is up."""
    content = content.encode() if isinstance(content, str) else content
    file = (io.BytesIO(content), "file.csv")
    answer = client.post("/data/imports", data={"file": file, "kind": kind})
    # A large upload lies in a file, which the test client leaves open.
    answer.request.input_stream.close()
    assert answer.status_code == 302, answer.text
    return answer.location


def check(world, client, address, **changes):
    """The page of what the import would do."""
    chosen = {**columns(client.get(address).text), **changes}
    answer = client.post(f"{address}/check", data=chosen)
    assert answer.status_code == 302, answer.text
    return work(world, client, address)


def check_again(world, client, address):
    assert client.post(f"{address}/check").status_code == 302
    return work(world, client, address)


def apply(world, client, address):
    assert client.post(f"{address}/application").status_code == 302
    return work(world, client, address)


def work(world, client, address):
    run_import(int(address.rsplit("/", 1)[1]), now=lambda: world.now)
    return client.get(address).text


def counts(page):
    """New, changed, unchanged and rejected, as the page says them."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    return tuple(
        int(re.search(rf"\b{name} ([0-9,]+)", words).group(1).replace(",", ""))
        for name in ("New", "Changed", "Unchanged", "Rejected")
    )


def bring_in(world, client, content):
    """Check and import a file. What the check says is what is then done."""
    address = upload(client, content)
    checked = counts(check(world, client, address))
    applied = counts(apply(world, client, address))
    assert applied == checked
    return applied


@pytest.mark.slow
def test_an_empty_company_walks_from_teams_to_its_revenue_board(world, administrator):
    page = administrator.get("/data").text
    order = [page.index(f"No {things} yet.") for things in ("people", "products", "opportunities")]
    assert order == sorted(order)
    files = ("sales_teams", "products", "sales_pipeline")
    first = [bring_in(world, administrator, (DATA / f"{f}.csv").read_bytes()) for f in files]
    assert first == [(35, 0, 0, 0), (7, 0, 0, 0), (8800, 0, 0, 0)]
    again = [bring_in(world, administrator, (DATA / f"{f}.csv").read_bytes()) for f in files]
    assert again == [(0, 0, 35, 0), (0, 0, 7, 0), (0, 0, 8800, 0)]
    world.refresh()
    board = administrator.get("/boards/revenue?period=2017").text
    scores = re.findall(r'data-score="([0-9]+)"', board)
    assert sum(map(int, scores)) == 10_005_534


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TEAMS, "teams"),
        (PRODUCTS, "products"),
        (DEALS, "opportunities"),
        ("Rep;Manager;Region\nAna;Mia;East\n", "teams"),
        ("Name,Price\nGTX Pro,4821\n", "products"),
        # Exported together: the deals are what the file is about.
        (
            "id,owner,manager,office,stage,closed,value\n1,Ana,Mia,East,Won,2026-11-01,1\n",
            "opportunities",
        ),
        ("colour,shape\nred,round\n", "opportunities"),
    ],
)
def test_what_a_file_holds_is_told_by_its_columns(administrator, content, kind):
    assert columns(administrator.get(upload(administrator, content)).text)["kind"] == kind


def test_who_uploads_knows_better_than_the_columns(world, administrator):
    names = "name,manager,region\nGTX Pro,GTX,East\n"
    address = upload(administrator, names)
    assert columns(administrator.get(address).text)["kind"] == "teams"
    other = administrator.get(f"{address}?columns=1&kind=products").text
    assert columns(other) == {
        "kind": "products",
        "column-product": "name",
        "column-series": "",
        "column-sales_price": "",
    }
    chosen = {**columns(other), "column-series": "manager"}
    assert administrator.post(f"{address}/check", data=chosen).status_code == 302
    work(world, administrator, address)
    apply(world, administrator, address)
    assert [(p.name, p.series) for p in products.all_products()] == [("GTX Pro", "GTX")]
    assert people.payees() == []
    # And when the file goes up.
    address = upload(administrator, names, kind="products")
    assert columns(administrator.get(address).text)["kind"] == "products"


def test_a_kind_that_there_is_not_is_not_found(administrator):
    address = upload(administrator, TEAMS)
    assert administrator.get(f"{address}?kind=plans").status_code == 404
    assert administrator.post(f"{address}/check", data={"kind": "plans"}).status_code == 404


def test_teams_come_in_with_everybody_they_name(world, administrator):
    address = upload(administrator, TEAMS)
    assert "Nobody gets a sign-in" in re.sub(r"\s+", " ", administrator.get(address).text)
    checked = check(world, administrator, address)
    for made in ("New offices: East.", "New teams: Mia Berg.", "New managers: Mia Berg."):
        assert made in checked
    assert people.payees() == []
    assert teams.all_teams() == []
    done = apply(world, administrator, address)
    assert [person.name for person in people.payees()] == ["Ana Silva", "Bo Lind"]
    assert "New managers: Mia Berg." in done
    assert "See the teams" in done
    # What an empty company needs next.
    assert "Import products" in done
    sam = people.everyone()[-1].id
    assert [(e.action, e.actor_id) for e in entries_about(1)] == [("teams imported", sam)]
    assert entries_about(1)[0].after == {"created": 2, "changed": 0, "unchanged": 0, "rejected": 0}


@pytest.mark.parametrize(
    ("content", "rejected"),
    [
        (
            "sales_agent,manager,regional_office\nAna,Mia,East\n,Mia,East\nAna,Leo,West\n"
            "Bo,,\nLind, Cy,Mia,East\n",
            [
                (3, "sales_agent", "The sales agent is missing."),
                (4, "sales_agent", "Ana is already in the team of Mia. Keep one row."),
                (5, "manager", "The manager is missing."),
                (5, "regional_office", "The office is missing."),
                (6, "All", "The row has 4 cells, the header 3."),
            ],
        ),
        (
            "product,series,sales_price\nGTX Pro,GTX,4821\n,GTX,1\nMG,MG,-3\nMG2,MG,1,234\n"
            "GTX Pro,GTX,5\n",
            [
                (3, "product", "Write the name of the product."),
                (4, "sales_price", "-3 is negative. Write 0 or more, such as 1054.00."),
                (5, "All", "The row has 4 cells, the header 3."),
                (6, "product", "An earlier row says otherwise. Keep one."),
            ],
        ),
    ],
    ids=["teams", "products"],
)
def test_bad_rows_are_named_with_what_to_write_and_good_ones_go_in(
    world, administrator, content, rejected
):
    address = upload(administrator, content)
    page = check(world, administrator, address)
    for row, column, sentence in rejected:
        assert f"<td>{row}</td><td><b>{column}</b></td>" in page
        assert sentence in page
    assert counts(page) == (1, 0, 0, len({row for row, _, _ in rejected}))
    assert counts(apply(world, administrator, address)) == counts(page)


def test_a_needed_column_of_each_kind_is_named_beside_its_field(administrator):
    for content, field, sentence in (
        (TEAMS, "manager", "Say which column holds the manager."),
        (PRODUCTS, "product", "Say which column holds the product."),
    ):
        address = upload(administrator, content)
        chosen = {**columns(administrator.get(address).text), f"column-{field}": ""}
        answer = administrator.post(f"{address}/check", data=chosen)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert columns(answer.text) == chosen


def test_a_product_that_changed_is_changed_and_others_stay(world, administrator):
    bring_in(world, administrator, PRODUCTS + "MG Special,MG,55\n")
    assert bring_in(world, administrator, PRODUCTS.replace("4821", "5000")) == (0, 1, 0, 0)
    prices = {product.name: product.list_price for product in products.all_products()}
    assert prices == {"GTX Pro": 5000, "MG Special": 55}
    # A file without a column for it says nothing about the price.
    assert bring_in(world, administrator, "product,series\nGTX Pro,Pro\n") == (0, 1, 0, 0)
    changed = products.all_products()[0]
    assert (changed.series, changed.list_price) == ("Pro", 5000)


def test_deals_of_people_nobody_knows_say_to_import_teams_first(world, administrator):
    address = upload(administrator, DEALS)
    page = check(world, administrator, address)
    assert (
        "Nobody who can earn is called Ana Silva or Cy Okoro. Import teams and people first"
    ) in page
    assert "Nothing to import: no row is good yet." in page
    assert 'href="/data?kind=teams#upload"' in page
    assert '<option value="teams" selected>' in administrator.get("/data?kind=teams").text
    bring_in(world, administrator, TEAMS)
    bring_in(world, administrator, "product\nMG Special\n")
    page = check_again(world, administrator, address)
    assert "Nobody who can earn is called Cy Okoro. Import" in page
    assert "The catalogue does not have GTX Pro. Import products first" in page
    assert 'href="/data?kind=products#upload"' in page


def test_the_list_of_first_files_goes_when_all_are_in(world, administrator):
    bring_in(world, administrator, TEAMS)
    page = administrator.get("/data").text
    assert "2 people are in." in page
    assert "No products yet." in page
    bring_in(world, administrator, PRODUCTS)
    assert bring_in(world, administrator, DEALS) == (1, 0, 0, 1)
    assert count_activities() == 1
    assert "What to bring in" not in administrator.get("/data").text


def test_reps_import_no_teams(world):
    rep = world.payee("Reed Clapper")
    world.login("Reed Clapper", "rep", person_id=rep)
    client = world.sign_in("Reed Clapper")
    answer = client.post("/data/imports", data={"file": (io.BytesIO(TEAMS.encode()), "t.csv")})
    assert answer.status_code == 403
    assert len(teams.all_teams()) == 1


def test_a_manager_may_check_a_file_of_teams_but_not_bring_it_in(world):
    """Who is in whose team decides who sees whose pay."""
    world.login("Mia Manager", "manager", manages="East")
    client = world.sign_in("Mia Manager")
    answer = client.post("/data/imports", data={"file": (io.BytesIO(TEAMS.encode()), "t.csv")})
    run = int(answer.location.rsplit("/", 1)[1])
    refused = client.post(f"/data/imports/{run}/application")
    assert refused.status_code == 403
    assert "This is for administrator." in refused.text
    assert len(teams.all_teams()) == 1
