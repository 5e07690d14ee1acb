"""Somebody with access to the database changes the ledger: first as it is, then with the triggers
dropped. What the triggers cannot refuse, verify must find and name."""

import sqlite3
from contextlib import closing

import psycopg

from tests.faults.reading import SQLITE
from tests.faults.safeguards import drop_triggers

NAME = "F25"
WHAT = "change, delete and swap ledger lines by raw SQL"
TIMES = (1, 1)
RUINS = True
LOAD = 0
AT = "WHERE payee_id = ? AND sequence = ?"


def inject(house, chance, times):
    client = house.client("f25")
    client.send_all([house.deal() for _ in range(30)])
    house.seconds_to_settle()
    house.note("undetected", [])
    _refused(house, "UPDATE posted_line SET amount = amount + 1")
    _refused(house, "DELETE FROM posted_line")
    _refused(house, "UPDATE posting SET hash = ''")
    if house.plan.database == SQLITE:
        _refused(house, "REPLACE INTO posted_line SELECT * FROM posted_line")
    drop_triggers(house.database)
    lines = house.database.rows("SELECT payee_id, sequence, amount FROM posted_line")
    # Of another amount, or swapping them would change nothing.
    (payee, one, amount), (other_payee, other, other_amount) = chance.sample(lines, 2)
    while amount == other_amount:
        other_payee, other, other_amount = chance.choice(lines)

    def amount_is(payee, sequence, amount):
        house.database.rows(f"UPDATE posted_line SET amount = ? {AT}", amount, payee, sequence)

    amount_is(payee, one, amount + 1)
    _found(house, "changed", payee, one)
    amount_is(payee, one, amount)
    yield "changed"

    amount_is(payee, one, other_amount)
    amount_is(other_payee, other, amount)
    # Of what one payee was posted, the first that is wrong is named.
    _found(house, "swapped", payee, min(one, other) if other_payee == payee else one)
    amount_is(payee, one, amount)
    amount_is(other_payee, other, other_amount)
    yield "swapped"

    # Given to nobody, so that it can be brought back.
    house.database.rows(f"UPDATE posted_line SET payee_id = -payee_id {AT}", payee, one)
    _found(house, "deleted", payee, one)
    house.database.rows(f"UPDATE posted_line SET payee_id = -payee_id {AT}", -payee, one)
    yield "deleted"


def _refused(house, change):
    said = "nothing"
    with closing(house.database.connect()) as connection:
        connection.execute("BEGIN")
        try:
            connection.execute(change)
        except (sqlite3.Error, psycopg.Error) as error:
            said = str(error)
        connection.execute("ROLLBACK")
    if "never changed" not in said:
        house.noted["undetected"].append(f"{change} was answered with {said}")


def _found(house, what, payee, sequence):
    said = house.verify("chain")
    if not any(f"payee {payee}" in each and str(sequence) in each for each in said):
        house.noted["undetected"].append(
            f"line {sequence} of payee {payee} was {what}; verify says {said[:3]}"
        )


def holds(house):
    yield from house.noted["undetected"]
