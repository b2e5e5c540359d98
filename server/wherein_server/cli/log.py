"""Log lines, which may contain names chosen by strangers."""

import logging
from types import TracebackType

from wherein.redaction import without_passwords
from wherein_server.cli.sanitize import sentence, shown


class LineFormatter(logging.Formatter):
    """A record a line, whatever its message holds; a traceback follows on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, made safe to show."""
        record.message = sentence(record.message)
        return super().formatMessage(record)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The traceback, made safe to show."""
        return shown(without_passwords(super().formatException(ei)))


def log_to_standard_error(level: str) -> None:
    """Print what the library has to say."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter("%(name)s: %(message)s"))
    logging.getLogger().handlers = [handler]
    logging.getLogger("wherein").setLevel(level.upper())
