"""Whether a folder may be indexed without its user's consent."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConfigError, NotAgreed
from wherein.unasked.agreed import is_agreed
from wherein.unasked.places import MOST_UNASKED, asked_about, never

if TYPE_CHECKING:
    from wherein.git.source import Source


def ask_first(source: "Source", data_dir: Path, is_indexed: Callable[[], bool]) -> None:
    """Raises NotAgreed if a folder outside of git is one that is not indexed unasked, and nobody has agreed;
    ConfigError if it never is. One that is indexed already may have become large."""
    if source.clone.git is not None or source.root is None:
        return
    if wrong := never(source.root):
        raise ConfigError(wrong)
    if is_agreed(data_dir, source.root):
        return
    about = asked_about(source.root)
    if not about and not is_indexed() and source.holds_more_than(MOST_UNASKED):
        about = f"holds more than {MOST_UNASKED:,} files"
    if about:
        raise NotAgreed(
            f"{source.root} is not in a repository, and {about}: everything in it would be indexed.",
            remedy="wherein index --yes",
        )
