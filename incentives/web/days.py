"""The company's days, as pages begin with them."""

from datetime import date, datetime, timedelta

from incentives.store.companies import the_company


def today(now: datetime) -> date:
    return the_company().calendar.day_of(now)


def tomorrow(now: datetime) -> date:
    return today(now) + timedelta(days=1)
