"""`flask exchange-rates import` as somebody types it."""

import json

from incentives.store.exchange_rates import rates_ever_set
from incentives.store.markers import stale_payees


def test_a_file_is_imported_and_felt_at_once(app, world, tmp_path):
    world.deal(world.payee("Ana Silva"), "50", currency="EUR")
    path = tmp_path / "rates.csv"
    path.write_text("currency,to,date,rate\nEUR,USD,2026-11-01,1.1\nEUR,USD,2026-11-02,x\n")
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["exchange-rates", "import", str(path), "--format", "json"])
    assert answer.exit_code == 0
    report = json.loads(answer.stdout)
    assert (report["created"], report["rejected"], report["issues"][0]["row"]) == (1, 1, 3)
    assert stale_payees() == []
    assert "1 unchanged" in runner.invoke(args=["exchange-rates", "import", str(path)]).stdout


def test_a_file_that_cannot_be_read_ends_with_1(app, world, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("a,b\n1,2\n")
    answer = app.test_cli_runner().invoke(args=["exchange-rates", "import", str(path)])
    assert answer.exit_code == 1
    assert "Say which column holds the currency" in answer.stderr
    assert rates_ever_set() == []
