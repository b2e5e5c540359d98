"""A second look at a large worktree, only at what differs from the last full one.

It goes the way of a whole look wherever something else than a few files is different: git's index, a setting, a file
that steers others.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict

from wherein.git.beneath import Beneath
from wherein.git.checkout import HEAD, TRACKED, UNTRACKED, Checkout, digest, listed_paths, read_head
from wherein.git.configuration import Configuration, ask_configuration, take_configuration
from wherein.git.disk import Settled
from wherein.git.frame import Steering, frame_of, is_special, steering_of
from wherein.git.known import Known, NotAgain
from wherein.git.last_look import (
    LEAST_FILES,
    MOST_OTHER,
    LastLook,
    Look,
    SeenCheckout,
    settled_numbers,
)
from wherein.git.repository import Repository, check_before_git, require_safe, submodule
from wherein.git.running import Running
from wherein.git.source import Base, SourceSettings
from wherein.git.stamps import RACY_NS
from wherein.git.stat_changes import ask_changed, changed_paths
from wherein.skips import SkipReason


class SecondLook:
    """At the worktree of a repository."""

    def __init__(
        self, repository: Repository, prefix: str, settings: SourceSettings, view: str, last: LastLook
    ) -> None:
        assert repository.root is not None
        self._repository = repository
        self._prefix = prefix
        self._settings = settings
        self._view = view
        self._last = last
        self._beneath = Beneath(repository.root)

    def known(self, meanwhile: Callable[[], object] | None = None) -> Known:
        """What is on disk now; `meanwhile` is called while git is at work. Raises NotAgain; GitFailed;
        NotARepository."""
        look = self._last.load()
        numbers, found = (self._last.numbers(look), self._last.found(look)) if look else (None, None)
        if look is None or numbers is None or found is None:
            raise NotAgain
        places = self._places(look)
        for _, repository in places:
            check_before_git(repository, self._prefix if repository is self._repository else "")
        with ExitStack() as stack:
            asked = [stack.enter_context(ask_configuration(repository.git)) for _, repository in places]
            configurations = [take_configuration(running) for running in asked]
            for (_, repository), configuration in zip(places, configurations, strict=True):
                require_safe(repository, configuration)
            head = stack.enter_context(self._repository.git.start(*HEAD))
            untracked = [stack.enter_context(self._ask(UNTRACKED, *place)) for place in places]
            checkouts = [
                (base, repository, configuration)
                for (base, repository), configuration in zip(places, configurations, strict=True)
            ]
            tracked = self._ask_tracked(stack, look, checkouts)
            changed = stack.enter_context(ask_changed(self._repository.git, numbers))
            steering = Steering(**look.steering)  # type: ignore[arg-type] # as it was kept
            frame, texts = frame_of(self._settings, self._beneath, self._prefix, checkouts, steering)
            if frame != look.frame:
                raise NotAgain
            if meanwhile is not None:
                meanwhile()
            self._require_same_index(look, tracked)
            added, gone = self._untracked(look, untracked)
            different = dict.fromkeys([*look.other, *added, *changed_paths(changed)])
            if len(different) > 2 * MOST_OTHER:
                raise NotAgain
            known = Known(
                self._repository,
                self._prefix,
                self._settings,
                self._view,
                self._beneath,
                look,
                found,
                checkouts,
                steering,
                texts,
                encodings=dict(look.encodings),
            )
            known.take(different, gone, stamped=True)
            known.commit, known.branch = read_head(self._repository.git, head.outcome())
        return known

    def _places(self, look: Look) -> list[tuple[str, Repository]]:
        """The worktrees that make the view. Raises NotAgain if they are not those of then."""
        places: list[tuple[str, Repository]] = []
        for seen in look.checkouts:
            repository = submodule(self._beneath, seen.base[:-1]) if seen.base else self._repository
            if repository is None or str(repository.git_dir) != seen.git_dir:
                raise NotAgain
            places.append((seen.base, repository))
            for path, followed in seen.submodules.items():
                if (
                    not followed
                    and self._settings.submodules == "follow"
                    and submodule(self._beneath, seen.base + path)
                ):
                    raise NotAgain
        return places

    def _ask_tracked(
        self, stack: ExitStack, look: Look, checkouts: Sequence[tuple[str, Repository, Configuration]]
    ) -> list[Running | None]:
        """What git tracks in each worktree; nothing is asked where the index is the file of then."""
        return [
            None
            # Of a sparse checkout git says other things when what is left out appears on the disk.
            if seen.index and not configuration.sparse and numbers_of_index(repository) == seen.index
            else stack.enter_context(self._ask(TRACKED, base, repository))
            for seen, (base, repository, configuration) in zip(look.checkouts, checkouts, strict=True)
        ]

    def _ask(self, question: tuple[str, ...], base: str, repository: Repository) -> Running:
        below = ("--", self._prefix) if self._prefix and not base else ()
        return repository.git.start(*question, *below)

    @staticmethod
    def _require_same_index(look: Look, asked: list[Running | None]) -> None:
        for seen, running in zip(look.checkouts, asked, strict=True):
            if running is not None and digest(running.output()) != seen.tracked:
                raise NotAgain

    @staticmethod
    def _untracked(look: Look, asked: list[Running]) -> tuple[list[str], list[str]]:
        """What git shows now and did not then, and the other way round."""
        added: list[str] = []
        gone: list[str] = []
        for seen, running in zip(look.checkouts, asked, strict=True):
            now, then = set(listed_paths(running.output())), set(seen.untracked)
            if any(path.endswith("/") or is_special(path) for path in now ^ then):
                raise NotAgain
            added += [seen.base + path for path in sorted(now - then)]
            gone += [seen.base + path for path in sorted(then - now)]
        return added, gone


def numbers_of_index(repository: Repository) -> list[int] | None:
    """Of the file of git's index, where they tell of every change from now on."""
    with suppress(OSError):
        status = (repository.git_dir / "index").stat()
        if status.st_ctime_ns < time.time_ns() - RACY_NS:
            return [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]
    return None


def remember(
    last: LastLook,
    settings: SourceSettings,
    beneath: Beneath,
    prefix: str,
    checkouts: list[tuple[str, Repository, Checkout]],
    submodules: Mapping[str, bool],
    indexes: Mapping[str, list[int] | None],
    settled: Settled,
    apart: Mapping[str, SkipReason],
    encodings: Mapping[str, str],
    now_ns: int,
) -> tuple[Base | None, dict[str, str | None]]:
    """Keep what a whole look found; its `base` and `differs`, as of `Listing`. None if it is not kept."""
    if len(settled.looked_at) < LEAST_FILES:
        return None, {}
    numbers, young = settled_numbers(settled.looked_at, now_ns)
    other = list(dict.fromkeys([*settled.other, *young]))
    if len(other) > MOST_OTHER:
        return None, {}
    at_each = [(base, repository, checkout.configuration) for base, repository, checkout in checkouts]
    listed = {base: checkout.files for base, _, checkout in checkouts}
    _, texts = frame_of(
        settings, beneath, prefix, at_each, steering_of(listed, settled.files, prefix, (), converted=False)
    )
    said = [text for each in texts.values() for text in each]
    steering = steering_of(listed, settled.files, prefix, said, converted=settled.converted)
    frame, _ = frame_of(settings, beneath, prefix, at_each, steering)
    files, skipped = dict(settled.files), dict(settled.skipped)
    differs: dict[str, str | None] = {}
    for path in other:
        differs[path] = files.pop(path, None)
        skipped.pop(path, None)
    seen = [
        SeenCheckout(
            base,
            str(repository.git_dir),
            checkout.tracked,
            indexes.get(base),
            checkout.untracked,
            {path: submodules.get(base + path, False) for path in checkout.submodules},
            sorted(checkout.links),
        )
        for base, repository, checkout in checkouts
    ]
    look = Look("", frame, seen, asdict(steering), other, dict(encodings), dict(apart), len(numbers))
    last.save(look, files, skipped, numbers, sha256=checkouts[0][2].configuration.sha256)
    return (Base(look.id, files), differs) if look.id else (None, {})
