"""Every table, imported in one place so that migrations see them all."""

from incentives.store import (  # noqa: F401  importing is what registers a table
    activities,
    api_keys,
    audit,
    boards,
    calculation_issues,
    companies,
    contests,
    day_results,
    exchange_rates,
    heartbeats,
    holidays,
    import_runs,
    leave,
    ledger,
    markers,
    people,
    plans,
    products,
    quotas,
    teams,
)
