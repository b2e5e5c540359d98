"""A page of a simple index: the files of one project, as HTML or as JSON."""

import json
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

ACCEPTED = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"

LARGEST = 20_000_000
"""Bytes; the largest pages of a public index have 10 million."""


def link_to(name: str, page: bytes, kind: str, address: str) -> str | None:
    """The address of the file of a name on a page; `kind` is the page's media type, `address` its own. None if the page
    has none, or is none."""
    for link in _of_json(page) if "json" in kind else _of_html(page):
        try:
            found = urljoin(address, link)
            if unquote(urlsplit(found).path).rpartition("/")[2] == name:
                return found
        except ValueError:  # an address that is none
            continue
    return None


def _of_json(page: bytes) -> list[str]:
    try:
        files = json.loads(page)["files"]
        return [each["url"] for each in files if isinstance(each["url"], str)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _of_html(page: bytes) -> list[str]:
    reader = _Links()
    reader.feed(page.decode("utf-8", "replace"))
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
