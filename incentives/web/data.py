"""Data: files that come in, from the upload to the report of what they changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import insist, requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.export.csv_file import to_csv
from incentives.operations.import_formats import import_formats
from incentives.operations.read_import import ColumnChoice, read_column_choice, read_import
from incentives.operations.start_import import apply_import, check_import, upload_import
from incentives.store.activities import count_activities
from incentives.store.import_runs import CHECKED, FAILED, UPLOADED, ImportRun, latest_runs
from incentives.web import hx
from incentives.web.import_links import first_files, format_links
from incentives.web.import_page import import_row, import_view

blueprint = Blueprint("data", __name__, url_prefix="/data")


@blueprint.get("")
@requires("import_data")
def index() -> ResponseReturnValue:
    return _index()


@blueprint.post("/imports")
@requires("import_data")
def create_import() -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _index("Choose a CSV file."), 422
    try:
        run_id = upload_import(
            file.filename,
            file.read(),
            kind=request.form.get("kind") or None,
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _index(error.message), error.status
    return redirect(url_for("data.show_import", run_id=run_id))


@blueprint.get("/imports/<int:run_id>")
@requires("import_data")
def show_import(run_id: int) -> ResponseReturnValue:
    reading = read_import(run_id)
    if hx.wants_fragment():
        return render_template("data/_import.html", page=import_view(reading, now()))
    wants_columns = "columns" in request.args and reading.run.state in (CHECKED, FAILED)
    if reading.run.state == UPLOADED or wants_columns:
        kind = request.args.get("kind") or reading.format.kind
        return _columns(reading.run, read_column_choice(reading.run, kind))
    return render_template("data/import.html", page=import_view(reading, now()))


@blueprint.post("/imports/<int:run_id>/check")
@requires("import_data")
def create_check(run_id: int) -> ResponseReturnValue:
    kind, columns, aliases = _choices() if request.form.get("kind") else _as_before(run_id)
    try:
        check_import(run_id, kind, columns, aliases, by=signed_in().person_id, now=now())
    except Invalid as error:
        run = read_import(run_id).run
        return _columns(run, read_column_choice(run, kind, columns, aliases), error), error.status
    return redirect(url_for("data.show_import", run_id=run_id))


@blueprint.post("/imports/<int:run_id>/application")
@requires("import_data")
def create_application(run_id: int) -> ResponseReturnValue:
    insist(read_import(run_id).format.capability)
    apply_import(run_id, by=signed_in().person_id, now=now())
    flash("The import has begun.", "info")
    return redirect(url_for("data.show_import", run_id=run_id))


@blueprint.get("/imports/<int:run_id>/issues.csv")
@requires("import_data")
def issues(run_id: int) -> ResponseReturnValue:
    report = read_import(run_id).report
    found = report.issues if report else ()
    content = to_csv(
        ["row", "field", "value", "what to write", "code"],
        ([issue.row, issue.field, issue.value, issue.message, issue.code] for issue in found),
    )
    headers = {"Content-Disposition": f'attachment; filename="issues-of-import-{run_id}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _index(problem: str | None = None) -> str:
    return render_template(
        "data/index.html",
        runs=[import_row(run) for run in latest_runs()],
        activities=count_activities(),
        formats=import_formats().values(),
        # Asked for by address too: a report that needs another file first leads here.
        kind=request.values.get("kind", ""),
        steps=first_files(),
        problem=problem,
    )


def _choices() -> tuple[str, dict[str, str], dict[str, str]]:
    """The kind, columns and aliases of the form, without those left empty."""
    columns = {
        name.removeprefix("column-"): value
        for name, value in request.form.items()
        if name.startswith("column-") and value
    }
    written, meant = request.form.getlist("alias-name"), request.form.getlist("alias-product")
    aliases = {name: product for name, product in zip(written, meant, strict=False) if product}
    return request.form["kind"], columns, aliases


def _as_before(run_id: int) -> tuple[str, dict[str, str], dict[str, str]]:
    """The choices of the last check, for one that is repeated after another file came in."""
    run = read_import(run_id).run
    return run.format, run.options["columns"], run.options["aliases"]


def _columns(run: ImportRun, choice: ColumnChoice, error: Invalid | None = None) -> str:
    problems: Mapping[str, Any] = error.fields if error else {}
    labels = {field.name: field.label for field in choice.format.fields}
    labels["aliases"] = "Other names"
    return render_template(
        "data/columns.html",
        run=run,
        choice=choice,
        formats=format_links(run, choice.format),
        problems=problems,
        errors=[
            (f"field-column-{name}", labels[name], sentences[0])
            for name, sentences in problems.items()
        ],
    )
