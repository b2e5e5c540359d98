"""Texts → pieces, by a model's own tokenizer.json."""

from importlib.util import find_spec
from typing import Any

from wherein.embedding.onnx.folder import unreadable
from wherein.embedding.onnx.given.folder import GivenFolder
from wherein.embedding.texts import whole_characters
from wherein.errors import ConfigError
from wherein.extras import install_command


class Tokens:
    """A tokenizer, cutting texts to the window."""

    def __init__(self, folder: GivenFolder) -> None:
        """Raises ConfigError if what reads it is not installed, UnusableModel if it cannot be read."""
        if find_spec("tokenizers") is None:
            raise ConfigError(
                "A folder's own tokenizer needs the Python package tokenizers, which the extra `onnx` installs.",
                remedy=install_command("onnx"),
            )
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_buffer(folder.tokenizer)
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(folder.window)
        except Exception as error:  # it has none of its own
            raise unreadable(folder.path, f"tokenizer.json: {' '.join(str(error).split())[:200]}") from None
        self.pieces: int = self._tokenizer.get_vocab_size()

    def of(self, text: str) -> list[int]:
        """The numbers of a text's pieces, with the marks around them, as many as the window holds."""
        found: list[int] = self._tokenizer.encode(whole_characters(text)).ids
        return found
