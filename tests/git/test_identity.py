import shutil

import pytest

from wherein.git.identity import identity_as_written, normalised_url


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:Foo/Bar.git",
        "github.com:foo/bar",
        "https://github.com/Foo/Bar",
        "https://github.com/foo/bar.git",
        "https://user:token@github.com/foo/bar/",
        "https://token@GitHub.com/foo/bar.git/?x=1#y",
        "ssh://git@github.com/foo/bar.git",
        "ssh://git@github.com:22/foo/bar.git",
        "ssh://git@github.com:443//foo//bar",
        "git://github.com/foo/bar.git",
        "https://github.com:443/foo/bar",
        "git+ssh://git@github.com/foo/bar",
        "  git@github.com:foo/bar.git\n",
    ],
)
def test_all_ways_to_write_a_url_give_one_identity(url):
    assert normalised_url(url) == "github.com/foo/bar"


def test_case_is_kept_where_a_host_may_tell_it_apart():
    assert normalised_url("git@Git.Example.org:Team/Project.git") == "git.example.org/Team/Project"
    assert normalised_url("https://git.example.org:8443/a/b.git") == "git.example.org:8443/a/b"
    assert normalised_url("https://example.org/a%20b.git") == "example.org/a b"
    assert normalised_url("git@[::1]:a/b.git") == "::1/a/b"


@pytest.mark.parametrize(
    "url",
    [
        "", "/srv/git/a.git", "../a.git", "./host:a", "a", "file:///srv/git/a.git", r"C:\git\a", "C:/git/a",
        "https://", "https://host", "https://host:port/a", "ext::sh -c run",
    ],
)  # fmt: skip
def test_local_paths_and_nonsense_are_no_identity(url):
    assert normalised_url(url) == ""


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("github.com/Foo/Bar", "github.com/foo/bar"),
        ("GitHub.com/foo/bar.git", "github.com/foo/bar"),
        ("git@github.com:Foo/Bar.git", "github.com/foo/bar"),
        ("git.example.org/Team/Project", "git.example.org/Team/Project"),
        ("Project@0123456789ab", "Project@0123456789ab"),
        ("git.example.org:8080/Team/Project", "git.example.org:8080/Team/Project"),
        ("team:web", "team:web"),
        ("github.com", "github.com"),
        ("", ""),
    ],
)
def test_a_repository_is_known_by_what_people_call_it(written, called):
    assert identity_as_written(written) == called
    assert identity_as_written(called) == called


@pytest.mark.parametrize("url", ["https://ada:hunter2@example.org/a/b.git", "hunter2@example.org:a/b"])
def test_no_credential_is_part_of_an_identity(repo, url):
    repo.git("remote", "add", "origin", url)
    assert repo.source().identity == "example.org/a/b"


def test_the_shortcuts_of_the_user_are_resolved(repo):
    repo.git("config", "--global", "url.https://example.org/.insteadOf", "ex:")
    repo.git("config", "--global", "url.https://example.org/team/.insteadOf", "ex:t/")
    repo.git("remote", "add", "origin", "ex:t/b.git")
    assert repo.git("remote", "get-url", "origin").strip() == "https://example.org/team/b.git"
    assert repo.source().identity == "example.org/team/b"


def test_a_configured_name_comes_first(repo):
    repo.git("remote", "add", "origin", "https://example.org/a/b.git")
    assert repo.source(name="mine").identity == "mine"
    repo.commit()
    assert repo.source(name="mine", ref="main").identity == "mine"


def test_without_origin_it_is_the_folder_and_the_first_commit(repo):
    first = repo.commit({"a.py": "1\n"})
    repo.commit({"a.py": "2\n"})
    assert repo.source().identity == f"project@{first[:12]}"
    assert repo.source(ref="main").identity == f"project@{first[:12]}"


def test_a_clone_of_a_local_path_is_known_by_its_first_commit(repo, clone):
    first = repo.commit({"a.py": "1\n"})
    assert clone(repo, "copies/project").source().identity == f"project@{first[:12]}"
    assert clone(repo, "copies/project.git", "--bare").source().identity == f"project@{first[:12]}"


def test_a_shallow_clone_has_an_identity_that_stays(repo, clone):
    repo.commit({"a.py": "1\n"})
    second = repo.commit({"a.py": "2\n"})
    shallow = clone(repo, "shallow", "--depth=1")
    assert shallow.source().identity == f"shallow@{second[:12]}"
    shallow.commit({"a.py": "3\n"})
    assert shallow.source().identity == f"shallow@{second[:12]}"


def test_moving_a_repository_changes_its_view_and_not_its_identity(repo, tmp_path):
    repo.git("remote", "add", "origin", "https://example.org/a/b.git")
    repo.commit({"a.py": "1\n"})
    before = repo.source()
    shutil.move(repo.root, tmp_path / "moved")
    after = type(repo)(tmp_path / "moved").source()
    assert after.identity == before.identity
    assert after.view_name != before.view_name


def test_two_repositories_without_commits_are_told_apart(make_repo):
    one, two = make_repo("one/project"), make_repo("two/project")
    assert one.source().identity != two.source().identity
    assert one.source().identity == one.source().identity


def test_a_view_keeps_its_name_and_shows_the_folder_s(repo):
    repo.commit()
    assert repo.source().view_name == repo.source().view_name
    assert repo.source().view_name.startswith("worktree:project-")
