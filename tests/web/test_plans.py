"""The plan pages: in words, as documents, edited by form, and for whom."""

import json
from datetime import date

import pytest
import yaml

from incentives.core.registry import rule_types
from incentives.ingest.plan_document import as_yaml
from incentives.operations.check_plan import check_plan
from incentives.operations.starter_plan import starter_plan
from incentives.store.plans import assignments_of_plan, plan_by_slug
from incentives.web import plan_documents, plan_versions, plans
from tests.web.forms import fields_of

SLUG = "field-sales"


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    for module in (plans, plan_versions, plan_documents):
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


class Editor:
    """The form of a draft in a browser: fields are typed into, and buttons pressed."""

    def __init__(self, client, address):
        self.client = client
        self.answer = client.get(address)
        assert self.answer.status_code == 200
        self.action = f"/plans/{SLUG}/versions" if SLUG in address else "/plans"

    @property
    def text(self):
        return self.answer.text

    def fields(self):
        return fields_of(self.text, "editor")

    def press(self, do="", **typed):
        """Type into fields and press a button; names are those in the open part."""
        data = self.fields()
        for name, value in typed.items():
            full = name if name in data else next(n for n in data if n.endswith(f"-{name}"))
            data[full] = value
        self.answer = self.client.post(self.action, data={**data, "do": do})
        return self.answer

    def type(self, fields, do=""):
        self.answer = self.client.post(self.action, data={**self.fields(), **fields, "do": do})
        return self.answer

    def open(self, number):
        self.press(f"show:{number}")
        return self


@pytest.fixture
def editor(mia):
    return Editor(mia, f"/plans/{SLUG}/versions/new")


COMMISSION = "plan-components-1-rule"


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


def test_every_tier_and_every_exception_stands_in_a_table(mia):
    text = mia.get(f"/plans/{SLUG}").text
    assert '<th scope="row">1</th><td class="num">0 %</td><td class="num">50 %</td>' in text
    assert '<th scope="row">GTX Pro</th><td class="num">48</td>' in text
    assert 'aria-label="Pay by attainment, Revenue commission"' in text


def test_the_form_holds_the_numbers_in_force(editor):
    fields = editor.open(1).fields()
    assert fields[f"{COMMISSION}-tiers-2-rate"] == "6"
    assert fields[f"{COMMISSION}-tiers-3-up_to"] == "125"
    assert fields["first_day"] == "2026-11-19"
    assert editor.open("terms").fields()["plan-pays"] == "month"


def test_a_version_is_published_once_its_effect_was_seen(editor):
    editor.open(1)
    unseen = editor.type(
        {f"{COMMISSION}-tiers-0-rate": "6.5", "note": "More for the first half"}, do="publish"
    )
    assert unseen.status_code == 200
    assert "Something changed since you looked." in unseen.text
    assert "$26.00" in unseen.text  # 400 at 6.5 %, had it been in force all quarter
    assert len(plan_by_slug(SLUG).versions) == 1
    editor.open(0).type({"plan-components-0-rule-amounts-4-value": "50"}, do="preview")
    assert editor.press("publish").status_code == 302
    version = plan_by_slug(SLUG).versions[-1]
    assert (version.number, version.first_day) == (2, date(2026, 11, 19))
    assert version.note == "More for the first half"
    assert version.document["components"][1]["rule"]["tiers"][0]["rate"] == "0.065"
    assert version.document["components"][0]["rule"]["amounts"]["GTX Pro"] == "50"


def test_what_was_seen_is_what_is_published(editor):
    editor.open(1).press("preview")
    changed = editor.type({f"{COMMISSION}-tiers-0-rate": "9"}, do="publish")
    assert changed.status_code == 200
    assert len(plan_by_slug(SLUG).versions) == 1


@pytest.mark.parametrize(
    ("part", "typed", "field", "sentence"),
    [
        (1, {f"{COMMISSION}-tiers-1-rate": "five"}, f"{COMMISSION}-tiers-1-rate", "Write a number"),
        (1, {f"{COMMISSION}-tiers-1-up_to": "40"}, f"{COMMISSION}-tiers", "Tier 2 must end above"),
        (1, {f"{COMMISSION}-tiers-0-up_to": "0"}, f"{COMMISSION}-tiers", "Tier 1 must end above 0"),
        (
            0,
            {"plan-components-0-rule-amount": ""},
            "plan-components-0-rule-amount",
            "Write it here",
        ),
        (
            0,
            {"plan-components-0-rule-amounts-0-value": "1e5"},
            "plan-components-0-rule-amounts",
            "Write a number",
        ),
        (2, {"plan-components-2-rule-at_least": "0"}, "plan-components-2-rule-at_least", "greater"),
        (0, {"first_day": "soon"}, "first_day", "Write the first day"),
        (0, {"first_day": "2019-12-31"}, "first_day", "A new version cannot start before it."),
        (0, {"base": "0"}, "first_day", "was published meanwhile"),
    ],
)
def test_errors_name_the_field_and_keep_what_was_typed(editor, part, typed, field, sentence):
    editor.open(part)
    answer = editor.type(typed, do="preview")
    if "2019" in str(typed):
        answer = editor.press("publish")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#field-{field}"' in answer.text
    assert f'id="field-{field}' in answer.text
    assert typed.items() <= editor.fields().items()
    assert len(plan_by_slug(SLUG).versions) == 1


def test_the_part_with_the_error_is_opened(editor):
    editor.open(1).type({f"{COMMISSION}-tiers-1-rate": "five"}, do="show:terms")
    assert "1 to write" in editor.text
    answer = editor.press("preview")
    assert answer.status_code == 422
    assert editor.fields()[f"{COMMISSION}-tiers-1-rate"] == "five"
    assert "Revenue commission, tiers 2, rate: Write a number, such as 6.5" in answer.text


def test_tiers_are_added_and_taken_away_without_scripts(editor):
    editor.open(1).press(f"add:{COMMISSION}-tiers")
    added = editor.fields()
    assert added[f"{COMMISSION}-tiers"] == "6"
    assert added[f"{COMMISSION}-tiers-5-rate"] == "10"
    assert added[f"{COMMISSION}-tiers-4-up_to"] == ""  # what was without end needs one now
    editor.press(f"drop:{COMMISSION}-tiers-4")
    editor.press(f"drop:{COMMISSION}-tiers-4")
    fewer = editor.fields()
    assert fewer[f"{COMMISSION}-tiers"] == "4"
    assert f"{COMMISSION}-tiers-3-up_to" not in fewer


def test_with_scripts_only_the_editor_is_swapped(editor):
    data = {**editor.fields(), "do": "show:1"}
    part = editor.client.post(editor.action, data=data, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<form")
    assert "<html" not in part.text


def test_a_component_of_every_kind_can_be_added_and_published(editor):
    for kind in rule_types():
        editor.press(f"new:{kind}")
    assert "Nothing stands in the way" not in editor.text  # the examples jump, which is warned of
    kept = [w.sentence for w in check_plan(_document(editor), now=editor_now()).warnings]
    editor.type({"kept": kept}, do="preview")
    assert editor.type({"kept": kept}, do="publish").status_code == 302
    kinds = [c["rule"]["kind"] for c in plan_by_slug(SLUG).versions[-1].document["components"]]
    assert kinds[5:] == list(rule_types())
    assert editor.client.get(f"/plans/{SLUG}?version=2").status_code == 200


def _document(editor):
    return json.loads(editor.fields()["document"])


def editor_now():
    return plans.now()


def test_another_kind_of_rule_brings_its_example_and_keeps_the_rest(editor):
    editor.open(1).type({f"{COMMISSION}-kind": "bonus"})
    fields = editor.fields()
    assert fields[f"{COMMISSION}-bonuses-1-amount"] == "1200"
    assert fields["plan-components-1-name"] == "Revenue commission"


def test_gates_caps_and_terms_are_added_filled_in_and_left_out(editor):
    editor.open(1).press("add:plan-components-1-gate")
    test = "plan-components-1-gate-all-0"
    editor.type({f"{test}-measure": "meetings", f"{test}-over": "month", f"{test}-at_least": "20"})
    editor.press("add:plan-components-1-cap")
    editor.type({"plan-components-1-cap-of_quota": "9"})
    editor.open("terms").press("add:plan-holdback")
    editor.type({"plan-holdback-percent": "20", "plan-holdback-released-after": "3"})
    editor.open(1)
    component = _document(editor)["components"][1]
    assert component["gate"] == {
        "all": [{"measure": "meetings", "over": "month", "at_least": "20"}]
    }
    assert component["cap"] == {"of_quota": "0.09"}
    assert _document(editor)["holdback"] == {"percent": "20", "released": {"after": 3}}
    assert "meetings in the month reaches 20" in editor.text
    editor.press("drop:plan-components-1-cap")
    assert "cap" not in _document(editor)["components"][1]


def test_components_are_moved_and_removed(editor):
    names = [c["name"] for c in _document(editor)["components"]]
    editor.press("down:0")
    assert [c["name"] for c in _document(editor)["components"]][:2] == [names[1], names[0]]
    editor.press("drop:plan-components-1")
    assert [c["name"] for c in _document(editor)["components"]] == [names[1], *names[2:]]


def test_a_draft_on_which_pay_falls_is_published_once_that_is_meant(editor):
    editor.open(1)
    falls = {f"{COMMISSION}-tiers-2-rate": "-1"}
    seen = editor.type(falls, do="preview")
    assert "pay falls as sales rise" in seen.text
    assert editor.press("publish").status_code == 200
    assert "1 open." in editor.text
    assert len(plan_by_slug(SLUG).versions) == 1
    (warning,) = check_plan(_document(editor), now=plans.now()).warnings
    assert editor.type({"kept": warning.sentence}, do="publish").status_code == 302
    assert len(plan_by_slug(SLUG).versions) == 2


def test_a_sensible_draft_is_not_warned_of(editor):
    editor.open(1)
    assert "pay falls" not in editor.type({f"{COMMISSION}-tiers-2-rate": "1"}, do="preview").text


def test_the_draft_goes_on_as_a_document_and_back(editor, mia):
    editor.open(1).type({f"{COMMISSION}-tiers-0-rate": "6.5"})
    data = {**editor.fields(), "do": "show"}
    page = mia.post(f"/plans/{SLUG}/document", data=data).text
    assert "rate: &#34;0.065&#34;" in page
    text = as_yaml(_document(editor)).replace("0.065", "0.07")
    back = mia.post(
        f"/plans/{SLUG}/versions",
        data={"document": text, "first_day": "2026-12-01", "base": "1", "do": "show:1"},
    )
    assert fields_of(back.text, "editor")[f"{COMMISSION}-tiers-0-rate"] == "7"


def test_what_a_form_carries_along_is_never_trusted(mia):
    data = {"document": "[[[", "first_day": "x", "do": "add:plan-components-9-rule-tiers"}
    assert mia.post(f"/plans/{SLUG}/versions", data=data).status_code == 200
    odd = {"document": '{"components": [{"rule": {"kind": "bonus", "bonuses": 7}}, 3]}'}
    for do in ("show:0", "add:plan-components-0-rule-bonuses", "drop:plan-components-0-rule-x-1"):
        odd_part = {**odd, "do": do, "shown": "0"}
        assert mia.post(f"/plans/{SLUG}/versions", data=odd_part).status_code == 200


# More digits than Python makes a number of.
ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    "typed",
    [
        {"shown": ENDLESS},
        {"do": f"show:{ENDLESS}"},
        {"do": f"up:{ENDLESS}"},
        {"do": f"drop:plan-components-{ENDLESS}"},
        {"do": f"drop:plan-{ENDLESS}"},
        {"do": f"add:plan-components-{ENDLESS}-rule"},
        {"shown": "0", "plan-open": "1", "plan-components-0-rule-points": ENDLESS},
    ],
)
def test_a_number_without_end_opens_and_moves_nothing(editor, typed):
    answer = editor.client.post(editor.action, data={**editor.fields(), "do": "", **typed})
    assert answer.status_code == 200


def test_a_new_plan_is_made_from_nothing(mia):
    editor = Editor(mia, "/plans/new")
    editor.type({"plan-name": "Renewals"}, do="new:flat_rate")
    assert editor.press("publish").status_code == 302
    (version,) = plan_by_slug("renewals").versions
    assert version.document["components"][0]["rule"] == {"kind": "flat_rate", "rate": "0.10"}


def test_a_new_plan_says_what_is_still_to_write(mia):
    editor = Editor(mia, "/plans/new")
    answer = editor.press("publish")
    assert answer.status_code == 422
    assert "Add at least one component" in answer.text


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
    data = {"document": wrong, "first_day": "2026-12-01"}
    answer = mia.post("/plans/new/document", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert wrong.splitlines()[0] in answer.text


def test_a_new_plan_starts_from_a_whole_document(mia):
    assert "My plan" in mia.get("/plans/new?start=example").text
    assert "My plan" in mia.get("/plans/new/document").text
    starter = as_yaml(starter_plan("USD"))
    data = {"document": starter, "first_day": "2026-12-01", "do": "publish"}
    assert mia.post("/plans/new/document", data=data).status_code == 302
    assert plan_by_slug("my-plan") is not None
    # There is one of this name already.
    assert mia.post("/plans/new/document", data=data).status_code == 422


def test_people_are_put_on_a_plan_and_taken_off_it(world, ana, mia):
    bo = world.payee("Bo Lind")
    empty = mia.post(f"/plans/{SLUG}/assignments", data={"first_day": "2026-12-01"})
    assert empty.status_code == 422
    assert "Choose at least one payee." in empty.text
    data = {"payees": bo, "first_day": "2026-12-01"}
    assert mia.post(f"/plans/{SLUG}/assignments", data=data).status_code == 302
    found = {a.payee_id: a for a in assignments_of_plan(plan_by_slug(SLUG).id)}
    address = f"/plans/{SLUG}/assignments/{found[bo].id}"
    days = {"first_day": "2026-12-01", "end_day": "2026-12-01"}
    refused = mia.post(address, data=days)
    assert refused.status_code == 422
    assert "Write a day after 2026-12-01" in refused.text
    assert mia.post(address, data=days | {"end_day": "2027-01-01"}).status_code == 302
    assert mia.post(address, data={"first_day": "2026-11-20", "end_day": ""}).status_code == 302
    changed = {a.payee_id: a for a in assignments_of_plan(plan_by_slug(SLUG).id)}[bo]
    assert (changed.first_day, changed.end_day) == (date(2026, 11, 20), None)


def test_a_plan_is_retired_and_brought_back(mia):
    address = f"/plans/{SLUG}/retirement"
    assert "Write a day" in mia.post(address, data={"end_day": ""}).text
    assert mia.post(address, data={"end_day": "2027-01-01"}).status_code == 302
    page = mia.get(f"/plans/{SLUG}").text
    assert "Retired" in page
    assert "New version" not in page
    assert mia.post(f"{address}/end").status_code == 302
    assert "New version" in mia.get(f"/plans/{SLUG}").text


def test_finance_reads_plans_and_only_managers_change_them(world, ana, mia):
    world.login("Fin Ek", "finance")
    world.login("Ada Roth", "administrator")
    world.login("Ana Silva", "rep", person_id=ana)
    finance = world.sign_in("Fin Ek")
    assert finance.get(f"/plans/{SLUG}").status_code == 200
    assert "New version" not in finance.get(f"/plans/{SLUG}").text
    assert finance.get(f"/plans/{SLUG}/versions/new").status_code == 403
    assert finance.post(f"/plans/{SLUG}/versions", data={"do": "publish"}).status_code == 403
    assert finance.post(f"/plans/{SLUG}/retirement").status_code == 403
    assert finance.post(f"/plans/{SLUG}/assignments").status_code == 403
    for name in ("Ana Silva", "Ada Roth"):
        client = world.sign_in(name)
        assert client.get("/plans").status_code == 403
        assert client.get(f"/plans/{SLUG}/versions/1.yaml").status_code == 403
