"""Data: files that come in, from the upload to the report of what they changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.export.csv_file import to_csv
from incentives.operations.read_import import ImportReading, read_column_choice, read_import
from incentives.operations.start_import import apply_import, check_import, upload_import
from incentives.store.activities import count_activities
from incentives.store.import_runs import CHECKED, FAILED, UPLOADED, latest_runs
from incentives.web import hx
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
        run_id = upload_import(file.filename, file.read(), by=signed_in().person_id, now=now())
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
        return _columns(reading, reading.columns, reading.run.options["aliases"])
    return render_template("data/import.html", page=import_view(reading, now()))


@blueprint.post("/imports/<int:run_id>/check")
@requires("import_data")
def create_check(run_id: int) -> ResponseReturnValue:
    columns = _chosen("column-")
    aliases = dict(
        zip(request.form.getlist("alias-name"), request.form.getlist("alias-product"), strict=False)
    )
    aliases = {name: product for name, product in aliases.items() if product}
    try:
        check_import(run_id, columns, aliases, by=signed_in().person_id, now=now())
    except Invalid as error:
        return _columns(read_import(run_id), columns, aliases, error), error.status
    return redirect(url_for("data.show_import", run_id=run_id))


@blueprint.post("/imports/<int:run_id>/application")
@requires("import_data")
def create_application(run_id: int) -> ResponseReturnValue:
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
        problem=problem,
    )


def _chosen(prefix: str) -> dict[str, str]:
    """The form's values under a prefix, without those left empty."""
    return {
        name.removeprefix(prefix): value
        for name, value in request.form.items()
        if name.startswith(prefix) and value
    }


def _columns(
    reading: ImportReading,
    columns: Mapping[str, str],
    aliases: Mapping[str, str],
    error: Invalid | None = None,
) -> str:
    problems: Mapping[str, Any] = error.fields if error else {}
    choice = read_column_choice(reading.run, columns, aliases)
    labels = {field.name: field.label for field in choice.fields} | {"aliases": "Other names"}
    return render_template(
        "data/columns.html",
        run=reading.run,
        choice=choice,
        columns=columns,
        problems=problems,
        errors=[
            (f"field-column-{name}", labels[name], sentences[0])
            for name, sentences in problems.items()
        ],
    )
