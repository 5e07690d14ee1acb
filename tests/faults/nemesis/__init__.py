"""Recipes, one a file, each with

- NAME, its number in docs/faults.md, and WHAT it does in a line,
- TIMES, how often in the short and in the long form,
- `inject(house, chance, times)`, which hurts the house and yields after each fault what it did;
  the runner then measures how long the house takes to catch up,

and where it needs them LOAD (activities a second meanwhile, 50 unless told), AT_ONCE (how many of
them in a request), DATABASES, PLAN (how the house is built), LIMIT (seconds to catch up), RUINS
(the house is of no use afterwards) and `holds(house)`, which yields what is wrong beyond what the
judge finds.
"""
