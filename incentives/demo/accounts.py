"""The demo's four accounts. Their passwords are made on the spot and kept beside the data."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoAccount:
    label: str
    name: str
    email: str
    password: str


def _file(data_dir: Path) -> Path:
    return data_dir / "demo-accounts.json"


def save_demo_accounts(data_dir: Path, accounts: list[DemoAccount]) -> None:
    path = _file(data_dir)
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(account) for account in accounts], indent=2))


def demo_accounts(data_dir: Path) -> list[DemoAccount]:
    """The accounts of the demo company; none where the company is a real one."""
    try:
        return [DemoAccount(**account) for account in json.loads(_file(data_dir).read_text())]
    except FileNotFoundError:
        return []
