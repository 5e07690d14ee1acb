"""The plan pages: in words, as documents, edited by form, and for whom."""

import json
from datetime import date

import pytest
import yaml

from incentives.store.plans import assignments_of_plan, plan_by_slug
from incentives.web import plan_versions, plans

SLUG = "field-sales"


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    for module in (plans, plan_versions):
        monkeypatch.setattr(module, "now", lambda: world.now)


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "400", product="GTX Pro")
    world.refresh()
    return ana


@pytest.fixture
def mia(world, ana):
    world.login("Mia Berg", "manager", manages="East")
    return world.sign_in("Mia Berg")


def form(**changes):
    """What the browser sends for the demo's plan, from 19 November on."""
    products = ["GTK 500", "GTX Basic", "GTX Plus Basic", "GTX Plus Pro", "GTX Pro"]
    points = ["268", "6", "11", "55", "48"]
    data = {"base": "1", "first_day": "2026-11-19", "note": "", "c0-amount": "10"}
    for number, (product, amount) in enumerate(zip(products, points, strict=True), start=1):
        data |= {f"c0-name-{number}": product, f"c0-amount-{number}": amount}
    data |= {"c1-tiers": "5", "c2-at_least": "3", "c3-at_least": "5000", "c4-at_least": "10"}
    bounds, rates = ["50", "75", "100", "125"], ["4", "5", "6", "8", "10"]
    data |= {f"c1-up_to-{number}": bound for number, bound in enumerate(bounds, start=1)}
    data |= {f"c1-rate-{number}": rate for number, rate in enumerate(rates, start=1)}
    return data | changes


def send(client, **changes):
    return client.post(f"/plans/{SLUG}/versions", data=form(**changes))


def seen_in(text):
    return text.split('name="seen" value="')[1].split('"')[0]


def test_a_plan_is_told_in_plain_words(mia):
    text = mia.get(f"/plans/{SLUG}").text
    assert "Pays 4 % up to 50 % of quota, then 5 % up to 75 % of quota" in text
    assert "Ana Silva" in text
    assert mia.get("/plans").status_code == 200


def test_documents_are_downloaded_as_they_were_published(mia):
    stored = plan_by_slug(SLUG).versions[0].document
    assert yaml.safe_load(mia.get(f"/plans/{SLUG}/versions/1.yaml").text) == stored
    assert json.loads(mia.get(f"/plans/{SLUG}/versions/1.json").text) == stored
    assert mia.get(f"/plans/{SLUG}/versions/9.json").status_code == 404


def test_the_schema_is_open_to_everybody(client, world):
    answer = client.get("/plans/schema.json")
    assert answer.status_code == 200
    assert json.loads(answer.text)["title"] == "Incentives plan"


def test_the_form_holds_the_numbers_in_force(mia):
    text = mia.get(f"/plans/{SLUG}/versions/new").text
    assert 'name="c1-rate-3" value="6"' in text
    assert 'name="c1-up_to-4" value="125"' in text
    assert 'value="2026-11-19"' in text


def test_a_version_is_published_once_its_effect_was_seen(mia):
    changes = {"c1-rate-1": "6.5", "c0-amount-5": "50", "note": "More for the first half"}
    unseen = send(mia, do="publish", **changes)
    assert unseen.status_code == 200
    assert "Something changed since you looked." in unseen.text
    assert "$26.00" in unseen.text  # 400 at 6.5 %, had it been in force all quarter
    assert len(plan_by_slug(SLUG).versions) == 1
    published = send(mia, do="publish", seen=seen_in(unseen.text), **changes)
    assert published.status_code == 302
    version = plan_by_slug(SLUG).versions[-1]
    assert (version.number, version.first_day) == (2, date(2026, 11, 19))
    assert version.note == "More for the first half"
    assert version.document["components"][1]["rule"]["tiers"][0]["rate"] == "0.065"
    assert version.document["components"][0]["rule"]["amounts"]["GTX Pro"] == "50"


def test_what_was_seen_is_what_is_published(mia):
    seen = seen_in(send(mia, do="preview").text)
    changed = send(mia, do="publish", seen=seen, **{"c1-rate-1": "9"})
    assert changed.status_code == 200
    assert len(plan_by_slug(SLUG).versions) == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"c1-rate-2": "five"}, "c1-rate-2", "Write a number, such as 4 or 6.5."),
        ({"c1-up_to-2": "40"}, "c1-up_to-2", "Tier 2 must end above 50 %."),
        ({"c1-up_to-1": "0"}, "c1-up_to-1", "Tier 1 must end above 0 %."),
        ({"c0-amount": ""}, "c0-amount", "Write a number"),
        ({"c0-amount-1": "1e5"}, "c0-amount-1", "Write a number"),
        ({"c2-at_least": "0"}, "c2-at_least", "Write a number above 0."),
        ({"first_day": "soon"}, "first_day", "Write the first day"),
        ({"first_day": "2019-12-31", "do": "publish"}, "first_day", ""),
        ({"base": "0"}, "first_day", "was published meanwhile"),
    ],
)
def test_errors_name_the_field_and_the_tier_and_keep_what_was_typed(mia, changes, field, sentence):
    answer = send(mia, **changes)
    if not sentence:
        answer = send(mia, **changes, seen=seen_in(answer.text))
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert sentence in answer.text
    assert len(plan_by_slug(SLUG).versions) == 1


def test_tiers_are_added_and_taken_away_without_scripts(mia):
    more = send(mia, do="add-tier:c1").text
    assert 'name="c1-rate-6" value="10"' in more
    assert 'name="c1-tiers" value="6"' in more
    fewer = send(mia, do="drop-tier:c1").text
    assert 'name="c1-rate-4" value="10"' in fewer
    assert 'name="c1-rate-5"' not in fewer


def test_a_draft_on_which_pay_falls_is_warned_of(mia):
    assert "pay falls as sales rise" in send(mia, **{"c1-rate-3": "-1"}).text
    assert "pay falls" not in send(mia, **{"c1-rate-3": "1"}).text


def test_a_pasted_document_is_checked_seen_and_published(mia):
    text = mia.get(f"/plans/{SLUG}/versions/1.yaml").text.replace('"0.04"', '"0.05"')
    data = {"document": text, "first_day": "2026-11-01", "note": "pasted"}
    preview = mia.post(f"/plans/{SLUG}/document", data={**data, "do": "preview"})
    assert preview.status_code == 200
    assert "$20.00" in preview.text
    data |= {"do": "publish", "seen": seen_in(preview.text)}
    assert mia.post(f"/plans/{SLUG}/document", data=data).status_code == 302
    assert len(plan_by_slug(SLUG).versions) == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("rate: 0.04", "Put quotes around 0.04"),
        ("schema: 1\nname: X\ncurrency: USD\ncomponents: []", "<b>components:</b>"),
        ("schema: 1\nname: X\ncurrency: USD\ncomponents: [{key: a}]", "<b>components 1, rule:</b>"),
    ],
)
def test_a_document_that_cannot_be_taken_says_where(mia, wrong, sentence):
    answer = mia.post("/plans", data={"document": wrong, "first_day": "2026-12-01"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert wrong.splitlines()[0] in answer.text


def test_a_new_plan_starts_from_a_whole_document(mia):
    page = mia.get("/plans/new").text
    assert "My plan" in page
    from incentives.ingest.plan_document import as_yaml
    from incentives.operations.starter_plan import starter_plan

    data = {"document": as_yaml(starter_plan("USD")), "first_day": "2026-12-01"}
    assert mia.post("/plans", data=data).status_code == 302
    assert plan_by_slug("my-plan") is not None
    assert mia.post("/plans", data=data).status_code == 422  # there is one of this name already


def test_people_are_put_on_a_plan_and_taken_off_it(world, ana, mia):
    bo = world.payee("Bo Lind")
    empty = mia.post(f"/plans/{SLUG}/assignments", data={"first_day": "2026-12-01"})
    assert empty.status_code == 422
    assert "Choose at least one payee." in empty.text
    data = {"payees": bo, "first_day": "2026-12-01"}
    assert mia.post(f"/plans/{SLUG}/assignments", data=data).status_code == 302
    found = {a.payee_id: a for a in assignments_of_plan(plan_by_slug(SLUG).id)}
    address = f"/plans/{SLUG}/assignments/{found[bo].id}/end"
    assert mia.post(address, data={"end_day": "2026-12-01"}).status_code == 422
    assert mia.post(address, data={"end_day": "2027-01-01"}).status_code == 302


def test_finance_reads_plans_and_only_managers_change_them(world, ana, mia):
    world.login("Fin Ek", "finance")
    world.login("Ada Roth", "administrator")
    world.login("Ana Silva", "rep", person_id=ana)
    finance = world.sign_in("Fin Ek")
    assert finance.get(f"/plans/{SLUG}").status_code == 200
    assert "New version" not in finance.get(f"/plans/{SLUG}").text
    assert finance.get(f"/plans/{SLUG}/versions/new").status_code == 403
    assert send(finance, do="publish").status_code == 403
    assert finance.post(f"/plans/{SLUG}/assignments").status_code == 403
    for name in ("Ana Silva", "Ada Roth"):
        client = world.sign_in(name)
        assert client.get("/plans").status_code == 403
        assert client.get(f"/plans/{SLUG}/versions/1.yaml").status_code == 403
