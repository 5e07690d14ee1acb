"""Measures of speed, each beside a named alternative from the same run. `bin/bench` runs them.

One file a subject, with `measures(workshop)` that yields `Measure`s. Machines differ and are noisy:
read the ratios, not the figures.
"""
