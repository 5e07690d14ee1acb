"""What is known of the company that is hurt, to those who send and to those who judge."""

PAYEES = 20
CLIENTS = 8
# Of a calendar quarter, in the company's currency; the tiers of the plan are parts of it.
QUOTA = 100_000
CODES = [f"person-{n}" for n in range(PAYEES)]
