"""A list of sales agents, each with the manager and the office: who is in which team."""

from collections.abc import Mapping
from dataclasses import dataclass

from incentives.core.activity import Issue
from incentives.core.activity_checks import is_clean
from incentives.ingest.columns import Field, columns_to_use, extra_cells
from incentives.ingest.csv_reading import Table

FIELDS = (
    Field("sales_agent", "Sales agent", ("agent", "salesrep", "rep", "name"), required=True),
    Field("manager", "Manager", ("teammanager", "team"), required=True),
    Field("regional_office", "Office", ("office", "region", "location"), required=True),
)


@dataclass(frozen=True, slots=True)
class Agent:
    """A team is called after its manager and belongs to an office."""

    name: str
    manager: str
    office: str


def read_sales_teams(
    table: Table, columns: Mapping[str, str] | None = None
) -> tuple[list[Agent], list[Issue]]:
    """Every agent once, in the order of the file. A second team for one agent is an issue."""
    columns = columns_to_use(table, FIELDS, columns)
    agents: dict[str, Agent] = {}
    issues: list[Issue] = []
    for row in table.rows:
        values = {name: row.cells[table.column(column)] for name, column in columns.items()}
        found = extra_cells(row, len(table.header)) or [
            Issue(row.number, columns[name], code, message, values[name][:200])
            for name, code, message in _problems(values)
        ]
        agent = Agent(_name(values["sales_agent"]), values["manager"], values["regional_office"])
        earlier = agents.get(agent.name.casefold())
        if not found and earlier is not None and earlier != agent:
            message = f"{agent.name} is already in the team of {earlier.manager}. Keep one row."
            found = [Issue(row.number, columns["sales_agent"], "two_teams", message, agent.name)]
        if not found:
            agents.setdefault(agent.name.casefold(), agent)
        issues.extend(found)
    return list(agents.values()), issues


def _name(text: str) -> str:
    return " ".join(text.split())


def _problems(values: Mapping[str, str]) -> list[tuple[str, str, str]]:
    problems = []
    for field in FIELDS:
        text = values[field.name]
        if not text:
            problems.append((field.name, "missing", f"The {field.label.lower()} is missing."))
        elif len(text) > 120 or not is_clean(text):
            message = "Write at most 120 characters, all of which can be seen."
            problems.append((field.name, "unclean", message))
    return problems
