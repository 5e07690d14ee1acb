"""A command on a database without tables says what to do, in a sentence."""

from incentives import create_app
from tests.conftest import config_for


def test_a_command_on_an_empty_database_says_what_to_do(tmp_path):
    app = create_app(config_for(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    answer = app.test_cli_runner().invoke(args=["api-key", "list"])
    assert answer.exit_code == 1
    assert "flask --app wsgi db upgrade" in answer.output
    assert "Traceback" not in answer.output
