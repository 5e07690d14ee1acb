"""A year of commission for many payees, summed by several engines that must agree to the cent.

Each engine is one module with `load(directory)`, its own form of the deals in memory;
`run(loaded)`, which is what is timed; and `frame(result)`, its rows in the common form of
`rows.py`. What they all sum is said in `plan.py`, what they sum it over is made by `deals.py`.
"""
