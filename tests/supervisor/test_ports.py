import socket

import pytest

from incentives.supervisor import ports
from incentives.supervisor.messages import CannotStart


def test_without_a_wish_the_first_free_port_is_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST_PORT", port)
        monkeypatch.setattr(ports, "LAST_PORT", port + 20)

        assert ports.chosen_port("127.0.0.1", None) > port


def test_when_every_port_is_taken_it_says_so(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST_PORT", port)
        monkeypatch.setattr(ports, "LAST_PORT", port)

        with pytest.raises(CannotStart, match="No port from"):
            ports.chosen_port("127.0.0.1", None)


def test_a_host_that_is_not_ours_is_named():
    # 192.0.2.0/24 is set aside for documentation: nobody has it.
    with pytest.raises(CannotStart, match=r"HOST 192\.0\.2\.1 is no address of this computer"):
        ports.chosen_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("board.example.com", "http://board.example.com:8000"),
    ],
)
def test_the_address_is_one_that_can_be_opened(host, address):
    assert ports.web_address(host, 8000) == address
