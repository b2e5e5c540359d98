"""The name that a repository claims, and the one it gets.

A name comes from the repository itself: its URL, its first commit, its own settings. A stranger can copy all of these.
So a name belongs to the clone on this machine that used it first.

- Another clone that has the same `origin`, and shares history, joins its index: content is stored once, and the other's
  views carry a mark, so that neither shows what the other wrote.
- One that does not is indexed apart, under a name of its own, and left out of searches in all repositories, until its
  user says whether both are one (`wherein repo join`).
- A name that users set in their own file is taken as it is.

In a shared store, the roles on the server decide who writes. There, clones of one `origin` are one, including their
views.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from wherein.config.locations import PROJECT_FILE
from wherein.git.clone import Clone, clone_at
from wherein.naming.register import Contents, Register, User, forget, noted
from wherein.quick_dataclass import dataclass
from wherein.redaction import HIDDEN, shown_url

_LIKE_A_PLACE = re.compile(r"[^/\s]*\.[^/\s]*/.*|/.*|[A-Za-z]:[\\/].*|.*@[0-9a-f]{8,12}", re.DOTALL)
"""What names look like that nobody chose: `host.tld/path`, a path on this machine, `folder@commit`."""

_LOGIN = re.compile(r"(?<=://)[^/?#]*@")
_MARK = re.compile(r":clone-[0-9a-f]{8}(?=:|$)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A name, and who owns it."""

    name: str
    """the name that the index is kept under"""
    mark: str = ""
    """what the names of views carry"""
    note: str = ""
    """what the user should know: a sentence with its remedy, or empty"""
    known: bool = True
    """whether it is in the register, or need not be"""
    disputed: bool = False
    """whether it claims somebody else's name"""


def looks_like_anothers(name: str, clone: Clone) -> bool:
    """Whether a name from a repository's own settings looks like another repository's address."""
    return name != clone.origin and _LIKE_A_PLACE.fullmatch(name) is not None


def claim(
    register: Register, store: str | None, shared: bool, name: str, clone: Clone, refused: str = ""
) -> Claim:
    """The name that a clone gets that wants to be called `name`. `shared`: the store is a shared one. `refused`: a name
    that its own settings claim, and may not have."""
    contents = register.read()
    if joined := contents.joined.get(clone.place):
        return Claim(joined)
    users = contents.users.get(key(store, name), [])
    disputed = bool(refused)
    note = ""
    if refused:
        note = (
            f"{PROJECT_FILE} names this repository {refused}, which looks like another one's place; it is called "
            f"{name} and left out of searches in all repositories. If that is intended: wherein repo join"
        )
    if not users:
        return Claim(name, "", note, known=False, disputed=disputed)
    own = _own(users, clone)
    if own is not None:
        known = (own.place, own.disputed) == (clone.place, disputed)
        return Claim(name, own.mark, note, known=known, disputed=disputed)
    apart = f"{name}~{clone.name}-{_digest(clone.place)}"
    if _own(contents.users.get(key(store, apart), []), clone) is not None:
        return Claim(apart, disputed=True)
    if (shared and clone.origin and clone.origin == users[0].origin) or _related(users, clone):
        mark = "" if shared else f":clone-{_digest(clone.place)}"
        return Claim(name, mark, note, known=False, disputed=disputed)
    return Claim(
        apart,
        note=f"{name} is the name of another repository, in {_folder(users[0])}; this one is indexed separately, "
        f"as {apart}, and left out of searches in all repositories. If both are the same repository: wherein repo "
        "join",
        known=False,
        disputed=True,
    )


def settle(register: Register, store: str | None, claimed: Claim, clone: Clone, folder: Path | None) -> None:
    """Record that a clone uses the name that it got."""
    user = User(
        clone.place,
        clone.inode(),
        clone.origin,
        tuple(clone.roots()),
        clone.head(),
        claimed.mark,
        () if folder is None else (str(folder),),
        claimed.disputed,
    )

    def change(contents: Contents) -> None:
        name = key(store, claimed.name)
        contents.users[name] = noted(contents.users.get(name, []), user)

    register.change(change)


def join(register: Register, store: str | None, name: str, clone: Clone) -> None:
    """Treat a clone as the repository of that name, because its user says so."""

    def change(contents: Contents) -> None:
        contents.joined[clone.place] = name
        for known, users in list(contents.users.items()):
            contents.users[known] = [user for user in users if user.place != clone.place]
            if not contents.users[known]:
                del contents.users[known]
        user = User(clone.place, clone.inode(), clone.origin, tuple(clone.roots()), clone.head())
        contents.users.setdefault(key(store, name), []).append(user)

    register.change(change)


def leave(register: Register, clone: Clone) -> bool:
    """Undo `join`. Returns whether there was anything to undo."""
    if clone.place not in register.read().joined:
        return False

    def change(contents: Contents) -> None:
        contents.joined.pop(clone.place, None)
        for known, users in list(contents.users.items()):
            contents.users[known] = [user for user in users if user.place != clone.place]
            if not contents.users[known]:
                del contents.users[known]

    register.change(change)
    return True


def others(register: Register, store: str | None, name: str, clone: Clone) -> list[str]:
    """The folders of other clones that use a name, as far as they exist."""
    users = register.read().users.get(key(store, name), [])
    return [_folder(user) for user in users if user.place != clone.place and user.there]


def released(register: Register, store: str | None, name: str) -> None:
    """The index of a name is gone: whoever uses the name next owns it."""
    forget(register, key(store, name))


def key(store: str | None, name: str) -> str:
    """Names belong to one store."""
    if not store:
        return name
    without_login = _LOGIN.sub("", store, count=1)
    where = shown_url(without_login)
    if HIDDEN in where:  # it is written in a way of its own, and may hold a password anywhere
        where = hashlib.sha256(without_login.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return f"{where} {name}"


def is_marked(view: str) -> bool:
    """Whether a view belongs to a clone that does not own the name."""
    return _MARK.search(view) is not None


def marked(view: str, mark: str, prefix: str) -> str:
    """The name of a view, with a clone's mark before the folder that it is restricted to."""
    end = f":{prefix}" if prefix else ""
    return f"{view.removesuffix(end)}{mark}{end}"


def is_disputed(register: Register, store: str | None, name: str) -> bool:
    """Whether all users of a name claim that of another repository."""
    users = register.read().users.get(key(store, name), [])
    return bool(users) and all(user.disputed for user in users)


def of_whom_it_belongs_to(
    register: Register, store: str | None, name: str, views: Sequence[str]
) -> Sequence[str]:
    """Those of a repository's views that may stand for it in searches of several repositories: not those of clones that
    joined later, while the first one exists."""
    own = [view for view in views if not is_marked(view)]
    users = register.read().users.get(key(store, name), [])
    return own if own and (not users or users[0].there) else views


def _own(users: Sequence[User], clone: Clone) -> User | None:
    for user in users:
        if user.place == clone.place:
            return user
    inode = clone.inode()
    for user in users:  # moved
        if inode and user.inode == inode and not user.there and user.origin == clone.origin:
            return user if not user.roots or _shares(user, clone) else None
    return None


def _related(users: Sequence[User], clone: Clone) -> bool:
    return any(
        user.origin == clone.origin and _shares(user, clone) for user in users if not is_marked(user.mark)
    )


def _shares(user: User, clone: Clone) -> bool:
    """Whether two clones have any commit in common, as far as can be found out quickly."""
    if not set(user.roots).isdisjoint(clone.roots()) or clone.has(user.head):
        return True
    head = clone.head()
    other = clone_at(user.place) if head and user.there else None
    return other is not None and other.has(head)


def _folder(user: User) -> str:
    return next(filter(os.path.exists, user.folders), user.place)


def _digest(place: str) -> str:
    return hashlib.sha256(os.fsencode(place)).hexdigest()[:8]
