"""All repositories of an organisation, page by page, as its forge lists them to whoever has the token."""

import os
import time
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from wherein.errors import WhereinError
from wherein.quick_dataclass import dataclass
from wherein_server.farm.farmfile import Organisation

PAGE = 100
"""Repositories on a page: the most that all three give."""

MOST_PAGES = 1_000

TIMEOUT = 30.0
"""Seconds for one page."""

TRIES = 3
"""For one page, where the forge fails or wants to be left alone for a moment."""

LONGEST_WAIT = 60.0
"""Seconds that a forge may ask us to wait within one list; longer, and the list is had at another time."""

MOST_BYTES = 20_000_000
"""Of one page."""


Foreign: TypeAlias = Any
"""What is of a package that is imported when it is used."""


class ListingFailed(WhereinError):
    """The list was not got whole, so it is not to be believed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A repository of an organisation."""

    id: str
    url: str


def repositories_of(organisation: Organisation) -> list[Found]:
    """All of them; raises ListingFailed if that is not certain."""
    import httpx2

    headers = {"User-Agent": "wherein", "Accept": "application/json"}
    if organisation.token_env and (token := os.environ.get(organisation.token_env, "").strip()):
        headers |= _login(organisation.forge, token)
    found: dict[str, Found] = {}
    with httpx2.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False) as client:
        for each in _pages(client, organisation):
            if (one := _read(each, organisation)) is not None:
                found[one.id] = one
    return list(found.values())


def _login(forge: str, token: str) -> dict[str, str]:
    return {"PRIVATE-TOKEN": token} if forge == "gitlab" else {"Authorization": f"Bearer {token}"}


def _first(organisation: Organisation) -> list[str]:
    """Where the list begins: as an organisation's, else as a user's."""
    api, name = organisation.api, quote(organisation.name, safe="")
    if organisation.forge == "gitlab":
        options = f"per_page={PAGE}&include_subgroups=true&order_by=id&sort=asc&with_shared=false"
        return [
            f"{api}/api/v4/groups/{name}/projects?{options}",
            f"{api}/api/v4/users/{name}/projects?per_page={PAGE}",
        ]
    if organisation.forge == "gitea":
        begin = f"{api}/api/v1"
        return [f"{begin}/orgs/{name}/repos?limit={PAGE}", f"{begin}/users/{name}/repos?limit={PAGE}"]
    return [f"{api}/orgs/{name}/repos?per_page={PAGE}&type=all", f"{api}/users/{name}/repos?per_page={PAGE}"]


def _pages(client: Foreign, organisation: Organisation) -> Iterator[Mapping[str, Any]]:
    address, *others = _first(organisation)
    where = urlsplit(address)[:2]
    for number in range(MOST_PAGES):
        answer = _asked(client, address, organisation)
        if answer.status_code == 404 and number == 0 and others:
            address = others.pop()
            answer = _asked(client, address, organisation)
        if answer.status_code != 200:
            raise _failed(organisation, f"answers with {answer.status_code}")
        try:
            page = answer.json()
        except ValueError:
            raise _failed(organisation, "answers with something other than JSON") from None
        if not isinstance(page, list) or not all(isinstance(each, dict) for each in page):
            raise _failed(organisation, "answers with something other than a list")
        yield from page
        following = answer.links.get("next", {}).get("url")
        if not following:
            return
        address = urljoin(address, following)
        if urlsplit(address)[:2] != where:  # the token goes to no other server
            raise _failed(organisation, "redirects to another server")
    raise _failed(organisation, f"has more than {MOST_PAGES} pages")


def _asked(client: Foreign, address: str, organisation: Organisation) -> Foreign:
    import httpx2

    for attempt in range(TRIES):
        try:
            answer = client.get(address)
        except httpx2.HTTPError as error:
            wrong, wait = f"does not answer ({type(error).__name__})", float(attempt)
        else:
            if len(answer.content) > MOST_BYTES:
                raise _failed(organisation, "answers with too much")
            if answer.status_code < 500 and not _limited(answer):
                return answer
            wrong, wait = f"answers with {answer.status_code}", _wait(answer, attempt)
        if attempt == TRIES - 1 or wait > LONGEST_WAIT:
            break
        time.sleep(wait)
    raise _failed(organisation, wrong)


def _limited(answer: Foreign) -> bool:
    return answer.status_code == 429 or (
        answer.status_code == 403
        and (answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers)
    )


def _wait(answer: Foreign, attempt: int) -> float:
    """Seconds that the forge asks for, else a little more each time."""
    for name, now in (
        ("retry-after", 0.0),
        ("x-ratelimit-reset", time.time()),
        ("ratelimit-reset", time.time()),
    ):
        try:
            return max(float(answer.headers[name]) - now, 0.0)
        except (KeyError, ValueError):
            continue
    return float(attempt + 1)


def _read(found: Mapping[str, Any], organisation: Organisation) -> Found | None:
    """One of a list; None if it is not wanted."""
    fork = found.get("fork") or found.get("forked_from_project")
    if (found.get("archived") and not organisation.archived) or (fork and not organisation.forks):
        return None
    if found.get("empty_repo") or found.get("empty"):
        return None
    name = str(found.get("path") or found.get("name") or "")
    if any(fnmatchcase(name, pattern) for pattern in organisation.exclude):
        return None
    key = (
        ("ssh_url_to_repo" if organisation.ssh else "http_url_to_repo")
        if organisation.forge == "gitlab"
        else ("ssh_url" if organisation.ssh else "clone_url")
    )
    url, identity = found.get(key), found.get("id")
    if not isinstance(url, str) or not isinstance(identity, int):
        raise _failed(organisation, "lists a repository without an id or an address")
    return Found(f"{organisation.forge}:{identity}", url)


def _failed(organisation: Organisation, what: str) -> ListingFailed:
    return ListingFailed(f"{organisation.api} {what} when asked for {organisation.name}'s repositories.")
