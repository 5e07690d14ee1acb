import stat

import pytest

from config import Config, ConfigError


@pytest.fixture
def environ(tmp_path):
    return {"DATA_DIR": str(tmp_path / "var")}


def test_without_any_setting_everything_lives_in_the_data_directory(environ, tmp_path):
    config = Config.from_environment(environ)

    assert config.SQLALCHEMY_DATABASE_URI == f"sqlite:///{tmp_path}/var/incentives.db"
    assert config.REDIS_URL is None
    assert config.RATELIMIT_STORAGE_URI == "memory://"
    assert (config.HOST, config.PORT, config.LIVE_PORT) == ("127.0.0.1", None, None)
    assert (config.DEMO, config.REPLAY) == (True, True)


def test_where_the_service_is_reached_is_said_without_a_slash_at_the_end(environ):
    assert Config.from_environment(environ).PUBLIC_URL is None
    for given in ("https://sales.example.com", "http://sales:8080"):
        assert Config.from_environment({**environ, "PUBLIC_URL": f"{given}/"}).PUBLIC_URL == given


@pytest.mark.parametrize(
    "given",
    ["sales.example.com", "ftp://a.b", "https://", "http://a.b/c", "http://a.b?c", "http://[::1"],
)
def test_an_address_that_cannot_be_opened_is_refused(environ, given):
    with pytest.raises(ConfigError, match="PUBLIC_URL must look like"):
        Config.from_environment({**environ, "PUBLIC_URL": given})


@pytest.mark.parametrize(
    "given",
    [
        "postgres://ana@db/incentives",
        "postgresql://ana@db/incentives",
        "postgresql+psycopg://ana@db/incentives",
    ],
)
def test_postgresql_is_always_spoken_to_by_psycopg_3(environ, given):
    config = Config.from_environment({**environ, "DATABASE_URL": given})

    assert config.SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://ana@db/incentives"


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(environ, tmp_path):
    first = Config.from_environment(environ).SECRET_KEY
    second = Config.from_environment(environ).SECRET_KEY

    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_a_given_secret_leaves_no_file(environ, tmp_path):
    assert Config.from_environment({**environ, "SECRET_KEY": "given"}).SECRET_KEY == "given"
    assert list((tmp_path / "var").iterdir()) == []


def test_an_empty_secret_file_is_refused_rather_than_signing_with_nothing(environ, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret").write_text("\n")

    with pytest.raises(ConfigError, match="is empty"):
        Config.from_environment(environ)


def test_the_redis_of_a_running_service_is_found_and_a_given_one_goes_first(environ, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "redis.url").write_text("redis://:pw@127.0.0.1:7000/0\n")

    assert Config.from_environment(environ).REDIS_URL == "redis://:pw@127.0.0.1:7000/0"
    given = {**environ, "REDIS_URL": "redis://elsewhere"}
    assert Config.from_environment(given).REDIS_URL == "redis://elsewhere"


@pytest.mark.parametrize("name", ["PORT", "LIVE_PORT"])
@pytest.mark.parametrize("given", ["0", "65536", "80a", "-1", "٣"])
def test_a_port_that_cannot_be_is_refused_in_a_sentence(environ, name, given):
    with pytest.raises(ConfigError, match=f"^{name} must be a number from 1 to 65535"):
        Config.from_environment({**environ, name: given})


def test_a_switch_is_one_or_nought_and_nothing_else(environ):
    assert Config.from_environment({**environ, "DEMO": "0"}).DEMO is False
    assert Config.from_environment({**environ, "DEMO": "yes"}).DEMO is True
    with pytest.raises(ConfigError, match="DEMO must be 1 or 0, not 'maybe'"):
        Config.from_environment({**environ, "DEMO": "maybe"})


def test_cookies_are_kept_from_scripts_other_sites_and_on_demand_from_plain_http(environ):
    config = Config.from_environment({**environ, "SECURE_COOKIES": "1"})

    assert config.SESSION_COOKIE_HTTPONLY
    assert config.REMEMBER_COOKIE_HTTPONLY
    assert config.SESSION_COOKIE_SAMESITE == "Lax"
    assert config.SESSION_COOKIE_SECURE
    assert config.REMEMBER_COOKIE_SECURE
    assert not Config.from_environment(environ).SESSION_COOKIE_SECURE
