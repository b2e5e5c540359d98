import os

import pytest

from wherein.git.blob import blob_id

ODD_NAMES = [
    b"with space.py",
    b" leading and trailing ",
    b"new\nline.py",
    b"carriage\r",
    b'"quoted"',
    b"back\\slash",
    b"tab\there",
    b"*star?[x]",
    b"#hash",
    b"!bang",
    b":(colon)",
    b"-dash",
    b"--stdin-paths",
    b"not-utf8-\xff\xfe.py",
    "héllo-日本.py".encode(),
    b"x" * 255,
    b"\x01control",
]


CONTENTS = {
    folder + os.fsdecode(name): b"in " + folder.encode() + b" of " + name
    for name in ODD_NAMES
    for folder in ("", "sub/")
}
IDS = {path: blob_id(content) for path, content in CONTENTS.items()}


@pytest.fixture(params=["repository", "plain folder"])
def place(request, repo, folder):
    place = repo if request.param == "repository" else folder
    for path, content in CONTENTS.items():
        place.write(path, content)
    return place


def test_files_of_any_name_are_listed_read_and_explained(place):
    source = place.source()
    assert source.listing().files == IDS
    assert {path: source.read(path) for path in CONTENTS} == CONTENTS
    assert all(source.explain(path).included for path in list(CONTENTS)[::5])


def test_committed_files_of_any_name_are_listed_from_disk_and_ref(repo):
    repo.commit(CONTENTS)
    assert repo.listing().files == IDS
    source = repo.source(ref="main")
    assert source.listing().files == IDS
    assert {path: source.read(path) for path in CONTENTS} == CONTENTS
    source.close()


def test_edited_files_of_any_name_have_the_ids_of_their_new_content(repo):
    repo.commit(CONTENTS)
    edited = {path: b"edited " + content for path, content in CONTENTS.items()}
    for path, content in edited.items():
        repo.write(path, content)
    assert repo.listing().files == {path: blob_id(content) for path, content in edited.items()}


@pytest.mark.parametrize("name", ODD_NAMES[::3], ids=ascii)
def test_a_folder_of_any_name_can_be_a_repository_or_opened_by_itself(make_repo, name):
    folder = os.fsdecode(name)
    repo = make_repo(folder)
    repo.commit({f"{folder}/a.py": "1\n", "b.py": "2\n"})
    assert set(repo.listing().files) == {f"{folder}/a.py", "b.py"}
    assert set(repo.listing(folder).files) == {f"{folder}/a.py"}


def test_attributes_hold_for_odd_names(repo):
    repo.commit({".gitattributes": "gen/** linguist-generated\n"})
    for name in ODD_NAMES:
        repo.write("gen/" + os.fsdecode(name))
    assert set(repo.listing().files) == {".gitattributes"}
    repo.commit()
    assert set(repo.listing(ref="main").files) == {".gitattributes"}


def test_a_very_deep_folder_is_listed(repo):
    deep = "d/" * 900 + "a.py"
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob_id(b'')},{deep}")
    repo.git("hash-object", "-w", "--stdin")
    repo.git("commit", "--quiet", "--message", "deep")
    assert set(repo.listing(ref="main").files) == {deep}
    assert repo.listing().files == {}
