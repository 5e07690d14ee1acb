"""The plan that every engine sums, in whole numbers. Times are UTC.

`commission` is on revenue, accumulated over the year and placed by attainment of the year's
quota: each rate pays inside its own tier, and a deal that crosses a bound is cut (semantics 12).
Its lines, each rounded once, are capped together at a share of the quota: a line is what it adds
to the capped total. `spif` pays a fixed amount, times the payee's share, for every deal of one
product inside a window. Claw-back is `at_rate_paid`: a deal reversed after its month was locked
counts as if it stood, and what its lines paid is taken back in the month that the reversal was
received (semantics 19). A line that paid nothing has nothing to take back.
"""

from datetime import datetime, timedelta

START, END = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01")

# Per cent of the quota up to which a tier goes; the last tier has no end.
BOUNDS_PERCENT = (50, 80, 100)
RATES_PERCENT = (4, 6, 8, 16)
CAP_PERCENT = 9

SPIF_MINOR = 5_000
SPIF_PRODUCT = 3
SPIF_FROM, SPIF_UNTIL = datetime.fromisoformat("2026-03-01"), datetime.fromisoformat("2026-09-01")

# A month is locked this long after its end.
LOCKED_AFTER = timedelta(days=5)

# Shares are whole basis points, so cents × share is exact in 1/10,000 cent ...
SHARES_IN_ONE = 10_000
# ... and that × a rate in per cent is exact in 1/1,000,000 cent.
RATED_IN_A_CENT = SHARES_IN_ONE * 100
