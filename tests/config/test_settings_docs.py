"""docs/settings.md is the settings' own description."""

import tomllib

import pytest

from wherein.config import load_settings
from wherein.config.settings import all_settings


@pytest.mark.parametrize(("key", "setting"), list(all_settings()))
def test_every_setting_is_described_with_an_example_that_works(tmp_path, key, setting):
    assert setting.doc.endswith(".")
    file = tmp_path / "config.toml"
    file.write_text(f"{key} = {setting.example}")
    assert tomllib.loads(file.read_text())
    if not setting.in_files:
        value = tomllib.loads(file.read_text())[key]
        settings = load_settings(
            environ={"WHEREIN_CONFIG": str(tmp_path / "none"), setting.environment: value}
        )
        assert settings.origin(key).source == "environment"
        return
    settings = load_settings(environ={"WHEREIN_CONFIG": str(file)})
    assert settings.origin(key).source == "user"
