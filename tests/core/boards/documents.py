"""Documents of boards, with other fields where a test says so."""

from datetime import date


def document(**fields):
    return {
        "schema": 1,
        "name": "Revenue",
        "scores": [{"kpi": "revenue"}],
        "span": {"period": "quarter"},
    } | fields


def monday():
    """2 November 2026, in the tests' quarter."""
    return date(2026, 11, 2)
