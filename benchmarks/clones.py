"""Where clones lie that were made beforehand: git directories in a folder."""

import sys
from collections.abc import Iterator
from pathlib import Path


def clone_of(repository: str, clones: Path) -> Path:
    """The git directory of a repository (owner/name, or a URL that ends so), at owner+name/repo, owner+name or
    owner/name of a folder, each of which may be a checkout. Exits if there is none."""
    slug = "/".join(repository.split("/")[-2:])
    for place in _places(slug, clones):
        if (place / "HEAD").is_file():
            return place.resolve()
    sys.exit(f"There is no clone of {slug} in {clones}.")


def _places(slug: str, clones: Path) -> Iterator[Path]:
    flat = clones / slug.replace("/", "+")
    for folder in (flat / "repo", flat, clones / slug):
        yield from (folder, folder / ".git")
