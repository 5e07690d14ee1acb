"""Contests: the list, the live page, what made a score, declared results, and setting one up."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import may, requires, signed_in, viewer
from incentives.clock import now
from incentives.core.measures import KPIS
from incentives.errors import Invalid
from incentives.live import tickets
from incentives.live.views import live_views
from incentives.operations.change_contests import amend_contest, cancel_contest, create_contest
from incentives.operations.contest_rules import Problems
from incentives.operations.feed_curtain import curtain_for
from incentives.operations.preview_contest import preview_contest
from incentives.operations.read_contest import (
    read_contest,
    read_result,
    state_of,
    stored_rows,
    version_of,
)
from incentives.operations.read_contest_score import read_contest_score
from incentives.operations.settle_contests import settle_contests
from incentives.store import contests, teams
from incentives.store.companies import the_company
from incentives.store.contests import LIVE, UPCOMING, Contest
from incentives.web import contest_page, formats, hx
from incentives.web.contest_cards import countdown_parts
from incentives.web.contest_form import ContestForm, error_list
from incentives.web.contest_page import contest_view, prize_text, team_text, window_text
from incentives.web.meanwhile import ChangedMeanwhile, stamp_of, still_shown, unless_changed
from incentives.web.rows import MEDALS

blueprint = Blueprint("contests", __name__)

# What the form asks, in its order.
LABELS = {
    "name": "Name",
    "kpi": "What counts",
    "starts_at": "Starts",
    "ends_at": "Ends",
    "teams": "Who is in it",
    **{f"prize-{place}": f"Prize for place {place}" for place in range(1, 51)},
    "reserve": "Needed to win",
    "grace_days": "Days for late entries",
    "note": "Why the rules change",
}


@blueprint.get("/contests")
@requires("see_contests")
def index() -> ResponseReturnValue:
    cards = [_card(contest) for contest in contests.all_contests()]
    groups = [
        ("Live", [card for card in cards if card["state"] == LIVE]),
        ("Upcoming", [card for card in reversed(cards) if card["state"] == UPCOMING]),
        ("Ended", [card for card in cards if card["state"] not in (LIVE, UPCOMING)]),
    ]
    return render_template("contests/index.html", groups=groups, is_empty=not cards)


def _card(contest: Contest) -> dict[str, Any]:
    company, state = the_company(), state_of(contest, now())
    reading = read_contest(contest.slug, now=now()) if state == LIVE else None
    leader = next((row for row in reading.rows if row.standing.score), None) if reading else None
    winners = contest.results[-1].standings[:1] if contest.results else []
    return {
        "name": contest.name,
        "url": url_for("contests.show", slug=contest.slug),
        "state": state,
        "state_label": contest_page.STATES[state],
        "kpi": KPIS[contest.kpi].label,
        "teams": team_text(contest),
        "window": window_text(contest, company.calendar.zone),
        "countdown": countdown_parts(reading.time_left) if reading else None,
        "ends_at": contest.ends_at.isoformat(),
        "prizes": ", ".join(prize_text(p.amount_minor, p.currency) for p in contest.prizes),
        "leader": f"{leader.entrant.name}, {formats.score(reading.kpi, leader.standing.score)}"
        if reading and leader
        else "",
        "winner": winners[0]["name"] if winners and winners[0]["score"] not in (None, "0") else "",
    }


@blueprint.get("/contests/<slug>")
@requires("see_contests")
def show(slug: str) -> ResponseReturnValue:
    reading = read_contest(slug, now=now())
    contest = reading.contest
    return render_template(
        "contests/show.html",
        reading=reading,
        contest=contest_view(reading),
        page={
            "name": contest.name,
            "state": contest_page.STATES[reading.state],
            "window": window_text(contest, reading.company.calendar.zone),
            "zone": reading.company.time_zone.replace("_", " "),
            "teams": team_text(contest),
            "is_live": reading.state == LIVE,
            "streams": not reading.is_over,
            "can_change": reading.state in (LIVE, UPCOMING),
            "can_cancel": not reading.is_over,
            "as_of": f"as of {formats.clock_time(now(), reading.company.calendar.zone)}",
            "live_url": tickets.issue("contest", {"slug": slug}, token=current_user.token),
            "poll_url": url_for("contests.standings", slug=slug, seen=""),
        },
        zone=reading.company.calendar.zone,
    )


@blueprint.get("/contests/<slug>/standings")
@requires("see_contests")
def standings(slug: str) -> ResponseReturnValue:
    """The live part for who polls: nothing where the version is the one already seen."""
    contest = contests.contest_by_slug(slug)
    if contest is not None and request.args.get("seen") == str(version_of(contest, now())):
        return hx.nothing_new()
    reading = read_contest(slug, now=now())
    return render_template("contests/_live.html", contest=contest_view(reading))


def _live(args: dict[str, str]) -> tuple[int, str]:
    """The part that everybody sees alike: drawn once for a version, shared by all who watch."""
    reading = read_contest(args["slug"], now=now())
    return reading.version, render_template("contests/_live.html", contest=contest_view(reading))


live_views.register("contest", _live)


@blueprint.get("/contests/<slug>/entrants/<int:payee_id>")
@requires("see_contests")
def entrant(slug: str, payee_id: int) -> ResponseReturnValue:
    found = read_contest_score(slug, payee_id, now=now())
    return render_template(
        "contests/entrant.html",
        found=found,
        opens=may("import_data") or curtain_for(viewer(), now=now()).names(payee_id),
        row=found.row,
        kpi=found.reading.kpi,
        contest=found.reading.contest,
        score=formats.score(found.reading.kpi, found.row.standing.score),
        place=formats.place(found.row.standing.place, found.row.standing.tied),
        scored=lambda value: (
            formats.score(found.reading.kpi, value)
            if found.reading.kpi.over is None
            else formats.number(value)
        ),
        zone=found.reading.company.calendar.zone,
    )


@blueprint.get("/contests/<slug>/results/<int:version>")
@requires("see_contests")
def result(slug: str, version: int) -> ResponseReturnValue:
    reading, declared = read_result(slug, version, now=now())
    view = contest_view(reading, stored_rows(declared))
    return render_template(
        "contests/result.html",
        contest=view,
        declared=declared,
        reading=reading,
        zone=reading.company.calendar.zone,
    )


@blueprint.get("/contests/new")
@requires("manage_contests")
def new() -> ResponseReturnValue:
    return _form(ContestForm.proposed(the_company(), now()), None, {})


@blueprint.post("/contests")
@requires("manage_contests")
def create() -> ResponseReturnValue:
    form = ContestForm.sent(request.form)
    if request.form.get("do"):
        return _form(form, None, {})
    try:
        rules = _rules(form)
        slug = create_contest(rules, by=signed_in().person_id, now=now())
    except Invalid as refusal:
        return _form(form, None, refusal.fields), refusal.status
    flash(f"{rules.name} is set up.")
    return redirect(url_for("contests.show", slug=slug))


@blueprint.post("/contests/preview")
@requires("manage_contests")
def preview() -> ResponseReturnValue:
    return render_template(
        "contests/_preview.html", preview=_preview(ContestForm.sent(request.form))
    )


@blueprint.get("/contests/<slug>/edit")
@requires("manage_contests")
def edit(slug: str) -> ResponseReturnValue:
    contest = read_contest(slug, now=now()).contest
    return _form(ContestForm.of(contest, the_company()), contest, {})


@blueprint.post("/contests/<slug>")
@requires("manage_contests")
def amend(slug: str) -> ResponseReturnValue:
    contest = read_contest(slug, now=now()).contest
    form = ContestForm.sent(request.form)
    if request.form.get("do"):
        return _form(form, contest, {})
    try:
        with unless_changed(lambda: _stamp(read_contest(slug, now=now()).contest)):
            amend_contest(slug, _rules(form), note=form.note, by=signed_in().person_id, now=now())
    except ChangedMeanwhile as error:
        stands = _stamp(read_contest(slug, now=now()).contest)
        return _form(form, contest, error.fields, shown=stands), error.status
    except Invalid as refusal:
        return _form(form, contest, refusal.fields), refusal.status
    flash(f"The rules of {form.name} are saved.")
    return redirect(url_for("contests.show", slug=slug))


@blueprint.post("/contests/<slug>/cancellation")
@requires("manage_contests")
def cancel(slug: str) -> ResponseReturnValue:
    cancel_contest(slug, by=signed_in().person_id, now=now())
    settle_contests(now=now())
    flash("The contest is called off. Prizes posted so far were taken back.")
    return redirect(url_for("contests.show", slug=slug))


def _rules(form: ContestForm) -> Any:
    rules, problems = form.read(the_company())
    if problems:
        raise Invalid("contest", "The contest was not saved.", fields=problems)
    return rules


def _stamp(contest: Contest) -> str:
    return stamp_of(ContestForm.of(contest, the_company()))


def _form(
    form: ContestForm, contest: Contest | None, problems: Problems | Any, *, shown: str = ""
) -> str:
    state = contest.state_at(now()) if contest else None
    return render_template(
        "contests/form.html",
        form=form,
        contest=contest,
        shown=shown or (still_shown(_stamp(contest)) if contest else ""),
        problems=problems,
        errors=error_list(problems, LABELS),
        runs=state == LIVE,
        labels=LABELS,
        kpis=[(kpi.slug, kpi.label) for kpi in KPIS.values()],
        explanation=KPIS[form.kpi].explanation if form.kpi in KPIS else "",
        teams=[team for team in teams.all_teams() if team.retired_on is None],
        preview=_preview(form),
        action=url_for("contests.amend", slug=contest.slug)
        if contest
        else url_for("contests.create"),
    )


def _preview(form: ContestForm) -> dict[str, Any] | None:
    """Who would lead on past data; None while the rules cannot be played."""
    company = the_company()
    rules, problems = form.read(company)
    if problems.keys() - {"name"}:
        return None
    found = preview_contest(rules, now=now())
    zone = company.calendar.zone
    return {
        "window": f"{formats.at(found.starts_at, zone)} to {formats.at(found.ends_at, zone)}",
        "entrants": len(found.standings),
        "with_a_score": found.with_a_score,
        "budget": prize_text(sum((rules.prizes or {}).values()), company.currency),
        "paid": prize_text(sum(found.won.values()), company.currency),
        "rows": [
            {
                "place": formats.place(row.place, row.tied),
                "medal": MEDALS.get(row.place or 0),
                "name": row.name,
                "score": formats.score(found.kpi, row.score),
                "prize": prize_text(found.won[row.entrant_id], company.currency)
                if row.entrant_id in found.won
                else "",
            }
            for row in found.standings[:8]
            if row.score
        ],
    }
