"""Links that are gone, or something else, between two looks at them."""

import os
import sys
from contextlib import contextmanager

import pytest

from wherein.git.paths import leads_outside, repository_path


def deleted(link):
    link.unlink()


def made_a_folder(link):
    link.unlink()
    link.mkdir()


@contextmanager
def changed_before_it_is_read(link, change):
    """Change a link once, when it is known to be one and not where it leads."""

    def look(frame, event, called):
        if event == "c_call" and called is os.readlink and link.is_symlink():
            change(link)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert not link.is_symlink()


@pytest.mark.parametrize("change", [deleted, made_a_folder])
def test_a_link_that_changes_while_it_is_followed_leads_nowhere(tmp_path, change):
    link = tmp_path / "root" / "a"
    link.parent.mkdir()
    link.symlink_to("../outside")
    assert leads_outside(link.parent, "a")
    with changed_before_it_is_read(link, change):
        assert not leads_outside(link.parent, "a")


@pytest.mark.parametrize("change", [deleted, made_a_folder])
def test_why_a_link_is_not_listed_is_said_in_a_sentence_though_it_changes(repo, change):
    repo.commit({"a.py": "1\n"})
    link = repo.root / "b.py"
    link.symlink_to("a.py")
    source = repo.source()
    try:
        path = repository_path(source.root, link)
        with changed_before_it_is_read(link, change):
            assert not source.explain(path).included
    finally:
        source.close()
