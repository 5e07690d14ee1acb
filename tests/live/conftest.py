import pytest

from incentives.live import hub


@pytest.fixture
def never_looks(monkeypatch):
    """However long a test takes: the hub renders once more when it first looks by itself."""
    monkeypatch.setattr(hub, "LOOK_EVERY_SECONDS", 3600)
