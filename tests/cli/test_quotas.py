"""`flask quotas import` as somebody types it."""

from incentives.store.quotas import quotas_of


def test_a_file_sets_the_quotas_of_all_and_target_incentives(app, world, tmp_path):
    ana = world.payee("Ana Silva")
    path = tmp_path / "quotas.csv"
    path.write_text(
        "payee,measure,period,amount\n"
        "ana-silva,target incentive,2026,60000\n"
        "nobody,revenue,2026,1\n"
    )
    answer = app.test_cli_runner().invoke(args=["quotas", "import", str(path)])
    assert answer.exit_code == 0
    assert "Row 3, payee: Nobody whose quota you set is called nobody." in answer.stdout
    assert quotas_of(ana) == {("target_incentive", "2026"): 60000}
