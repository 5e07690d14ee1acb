"""The same sums for many payees at once, for plans of the plainest kind.

`calculate` can do every plan, one payee after the other. Where nothing stands between a credit and
its rule but a quota and a cap, as in most plans, the credits of many payees are summed together as
columns of whole numbers; the lines are those of `calculate`, which a property holds. Whatever is
not so plain, or does not fit into 64 bits, is left to `calculate`.
"""
