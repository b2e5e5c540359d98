"""Whether the machine runs on its battery, and what is then left out."""

import sys

import pytest

from wherein.config.sections import BackgroundSettings
from wherein.config.settings import Settings
from wherein.indexing import background
from wherein.power import on_battery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it in files")

MAINS, OFF = {"type": "Mains", "online": "1"}, {"type": "Mains", "online": "0"}
CHARGER = {"type": "USB", "online": "1"}
EMPTIED = {"type": "Battery", "status": "Discharging", "scope": "System"}
CHARGED = {"type": "Battery", "status": "Charging"}
MOUSE = {"type": "Battery", "status": "Discharging", "scope": "Device"}


@pytest.mark.parametrize(
    ("supplies", "answer"),
    [
        ([], False),
        ([MAINS, CHARGED], False),
        ([OFF, EMPTIED], True),
        ([EMPTIED], True),
        ([OFF, CHARGER, EMPTIED], False),
        ([MOUSE], False),
        ([MAINS, EMPTIED], False),
        ([OFF], False),
    ],
)
def test_the_system_s_files_tell(tmp_path, supplies, answer):
    for number, facts in enumerate(supplies):
        folder = tmp_path / f"supply{number}"
        folder.mkdir()
        for name, value in facts.items():
            (folder / name).write_text(f"{value}\n")
    assert on_battery(tmp_path) is answer


def test_nothing_is_done_on_battery_unless_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(background, "on_battery", lambda: True)
    with pytest.raises(background.Postponed, match="battery"):
        background.require_mains(Settings())
    background.require_mains(Settings(background=BackgroundSettings(on_battery=True)))
    monkeypatch.setattr(background, "on_battery", lambda: False)
    background.require_mains(Settings())


def test_where_the_system_tells_nothing_it_is_no_battery(tmp_path):
    assert on_battery(tmp_path / "nothing") is False
