"""Settings: what they are (`settings`), where they come from (`load`)."""

from wherein.config.load import load_settings
from wherein.config.sections import IndexSettings, SearchSettings
from wherein.config.setting import Origin
from wherein.config.settings import Settings

__all__ = ["IndexSettings", "Origin", "SearchSettings", "Settings", "load_settings"]
