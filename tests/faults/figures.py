"""What is known of the company that is hurt, to those who send and to those who judge."""

from datetime import timedelta

# So many are in a company unless its plan says otherwise, and the clients speak of these only.
PAYEES = 20
CLIENTS = 8
# Who may see everybody's earnings.
MANAGER, MANAGER_PASSWORD = "max@example.com", "correct horse battery"
# Of a calendar quarter, in the company's currency; the tiers of the plan are parts of it.
QUOTA = 100_000
CODES = [f"person-{n}" for n in range(PAYEES)]
# Deals as old as that are of a month that is locked.
LONG_AGO = timedelta(days=70)
