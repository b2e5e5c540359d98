import subprocess
import sys

import pytest

from wherein.errors import NotARepository
from wherein.git.open import open_source


def test_a_path_that_does_not_exist_is_one_sentence(tmp_path):
    with pytest.raises(NotARepository, match=r"missing does not exist\.$"):
        open_source(tmp_path / "missing")


def test_a_file_is_answered_with_the_folder_to_give(repo):
    repo.commit({"sub/a.py": "1\n"})
    with pytest.raises(NotARepository, match=r"a\.py is a file\.$") as refused:
        repo.source("sub/a.py")
    assert str(repo.root / "sub") in refused.value.remedy


@pytest.mark.parametrize("path", ["nul\0", "x" * 5000])
def test_a_path_that_cannot_be_is_one_sentence(path):
    with pytest.raises(NotARepository, match="cannot be read") as refused:
        open_source(path)
    assert refused.value.message.count("\n") == 0


def test_the_current_folder_is_opened_by_default(repo, monkeypatch):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n"})
    monkeypatch.chdir(repo.root / "sub")
    source = open_source()
    assert (source.root, source.prefix) == (repo.root, "sub/")


def test_a_link_to_a_repository_opens_the_repository(repo, tmp_path):
    repo.commit({"a.py": "1\n"})
    (tmp_path / "link").symlink_to(repo.root)
    source = open_source(tmp_path / "link")
    assert source.root == repo.root
    assert source.view_name == repo.source().view_name


def test_names_with_dollar_and_tilde_are_not_expanded(make_repo, monkeypatch):
    repo = make_repo("$HOME")
    repo.commit({"~/a.py": "1\n"})
    assert set(repo.listing("~").files) == {"~/a.py"}


def test_an_ignored_folder_lists_nothing(repo):
    repo.commit({".gitignore": "build/\n"})
    repo.write("build/a.py")
    assert repo.listing("build").files == {}


def test_importing_the_layer_imports_no_library():
    code = """if True:
        import sys
        before = set(sys.modules)
        import wherein.git.source
        print(*[name for name in sys.modules if "site-packages" in str(sys.modules[name]) and name not in before])
    """
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
