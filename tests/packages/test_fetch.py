"""A file of a known hash out of a package index, which misbehaves in every way."""

import hashlib
import os
import stat
from dataclasses import replace

import pytest

from package_index import package_index
from wherein.errors import WhereinError
from wherein.packages import fetch as module
from wherein.packages.fetch import FetchFailed, Wanted, fetch, writing_below
from wherein.packages.pip_settings import PipSettings

NAME = "some_part-0.0.1-py3-none-any.whl"
DATA = os.urandom(300_000)


@pytest.fixture
def index(tmp_path):
    folder = tmp_path / "index" / "some-part"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(DATA)
    with package_index(tmp_path / "index") as running:
        yield running


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


WANTED = Wanted("some-part", NAME, len(DATA), hashlib.sha256(DATA).hexdigest())


def settings(*indexes, **more):
    return PipSettings(indexes=indexes, timeout=5, **more)


def fetched(index, folder, wanted=WANTED, **more):
    steps = []
    assert fetch(wanted, folder, settings(index.url, **more), steps.append).read_bytes() == DATA
    return steps


def refused(folder, told, wanted=WANTED):
    with pytest.raises(WhereinError) as caught:
        fetch(wanted, folder, told, lambda _: None)
    assert "\n" not in caught.value.message
    assert caught.value.message.endswith(".")
    assert not (folder / NAME).exists()
    return caught.value


@pytest.mark.parametrize("json", [False, True])
def test_it_is_fetched_and_only_its_owner_may_read_it(index, folder, json):
    index.json = json
    assert fetched(index, folder)[-1] == len(DATA)
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == [NAME]


def test_what_broke_off_goes_on_where_it_stopped(index, folder):
    index.cut[NAME] = [100_000, 200_000]
    fetched(index, folder)
    assert index.files_asked() == [(NAME, None), (NAME, "bytes=100000-"), (NAME, "bytes=200000-")]


def test_what_an_earlier_process_left_is_gone_on_with(index, folder):
    (folder / f"{NAME}.begun").write_bytes(DATA[:70_000])
    fetched(index, folder)
    assert index.files_asked() == [(NAME, "bytes=70000-")]


def test_a_server_that_knows_no_parts_begins_anew(index, folder):
    index.ranges = False
    (folder / f"{NAME}.begun").write_bytes(b"x" * 70_000)
    fetched(index, folder)


def test_what_breaks_off_again_and_again_is_told_and_stays_for_the_next_time(index, folder):
    index.cut[NAME] = [100_000] * 9
    error = refused(folder, settings(index.url))
    assert f"{NAME} is incomplete" in error.message
    assert "continues" in error.remedy
    assert (folder / f"{NAME}.begun").stat().st_size == 100_000


def test_a_server_that_stalls_is_given_up(index, folder):
    index.stalls = 3
    assert "has sent nothing for 1 s" in refused(folder, replace(settings(index.url), timeout=1)).message


@pytest.mark.parametrize("content", [DATA[:-1] + b"x", bytes(len(DATA))])
def test_another_file_of_that_name_is_deleted(index, folder, content):
    index.instead[NAME] = content if content != DATA else bytes(len(DATA))
    assert "SHA-256 differs" in refused(folder, settings(index.url)).message
    assert not list(folder.iterdir())
    del index.instead[NAME]
    fetched(index, folder)


def test_a_file_that_is_cut_off_in_the_index_itself_is_not_whole(index, folder):
    index.instead[NAME] = DATA[:-1]
    assert "is incomplete" in refused(folder, settings(index.url)).message


def test_a_file_without_an_end_is_stopped_at_its_size(index, folder):
    index.instead[NAME] = DATA + bytes(50_000_000)
    assert "is larger than the 300,000 bytes" in refused(folder, settings(index.url)).message
    assert (folder / f"{NAME}.begun").stat().st_size <= len(DATA)


@pytest.mark.parametrize(
    ("status", "words"), [(503, "status 503"), (401, "wants a login"), (302, "not a valid address")]
)
def test_an_index_that_does_not_answer_as_one_is_named(index, folder, status, words):
    index.status["/"] = status
    error = refused(folder, settings(index.url))
    assert words in error.message
    assert "127.0.0.1" in error.message


def test_where_no_index_has_it_all_are_named(index, folder):
    error = refused(folder, settings(index.url, "file:///none/such"), replace(WANTED, project="other"))
    assert "There is no some_part" in error.message
    assert index.url in error.message


def test_without_a_network_it_says_so(folder):
    error = refused(folder, settings("http://127.0.0.1:1/simple"))
    assert "cannot be reached" in error.message
    assert "pip" in error.remedy


def test_the_next_index_is_asked_where_the_first_is_away(index, folder):
    told = settings("http://127.0.0.1:1/simple", index.url)
    assert fetch(WANTED, folder, told, lambda _: None).read_bytes() == DATA


def test_a_login_in_the_indexs_address_is_used_for_its_files_and_never_shown(index, folder):
    address = index.url.replace("//", "//me:s3cret@")
    fetch(WANTED, folder, settings(address), lambda _: None)
    assert index.logins == {"Basic bWU6czNjcmV0"}
    error = refused(folder.parent, settings(address), replace(WANTED, project="other"))
    assert "s3cret" not in error.message


def test_a_netrc_is_believed_where_the_address_has_no_login(index, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login you password other\n")
    (tmp_path / ".netrc").chmod(0o600)
    fetch(WANTED, folder, settings(index.url), lambda _: None)
    assert index.logins == {"Basic eW91Om90aGVy"}
    index.logins.clear()
    fetch(WANTED, folder, settings(index.url.replace("//", "//me:s3cret@")), lambda _: None)
    assert index.logins == {"Basic bWU6czNjcmV0"}


def test_a_folder_that_pip_looks_into_is_looked_into(index, folder):
    where = str(index.folder / "some-part")
    assert fetch(WANTED, folder, settings(find_links=(where,)), lambda _: None).read_bytes() == DATA
    assert not index.asked


def test_an_index_on_the_disk_is_read_from_there(index, folder):
    pages = index.folder / "simple" / "some-part"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text(f'<a href="../../some-part/{NAME}">x</a>')
    where = (index.folder / "simple").as_uri()
    assert fetch(WANTED, folder, settings(where), lambda _: None).read_bytes() == DATA


def test_a_page_without_an_end_is_no_page(index, folder, monkeypatch):
    monkeypatch.setattr("wherein.packages.connection.LARGEST", 20)
    assert "too large" in refused(folder, settings(index.url)).message


def test_a_page_that_comes_a_byte_at_a_time_is_not_waited_for(index, folder, monkeypatch):
    monkeypatch.setattr("wherein.packages.connection.MOST_SECONDS_OF_A_PAGE", 0)
    assert "did not arrive within" in refused(folder, settings(index.url)).message


def test_a_page_from_elsewhere_does_not_lead_to_this_disk(index, folder):
    there = index.folder / "some-part" / NAME
    index.page = f'<a href="{there.as_uri()}">{NAME}</a>'.encode()
    assert "There is no" in refused(folder, settings(index.url)).message


def test_a_full_disk_is_told():
    with pytest.raises(FetchFailed, match="is full"), writing_below(module.Path("/here")):
        module.Path("/dev/full").write_bytes(b"x")
