"""Documents that are in no index, and folders that cannot be served: a sentence each, and what helps."""

import os
import signal
from pathlib import Path

import pytest

from child_processes import children
from raw_client import Failed

CODE = """\
def charge_card(card):
    return card


def refund(card):
    return charge_card(card)
"""

START = {"line": 0, "character": 0}

NO_FILES = {
    "untitled:Untitled-1": ("never saved", "save it"),
    "vscode-notebook-cell:/home/me/a.ipynb#W0sZmlsZQ%3D%3D": ("cell of a notebook", "search for its words"),
    "git:/home/me/a.py?%7B%22path%22%3A%22%2Fhome%2Fme%2Fa.py%22%2C%22ref%22%3A%22~%22%7D": (
        "another version",
        "open the file itself",
    ),
    "fugitive:///home/me/.git//0/a.py": ("another version", "open the file itself"),
    "vscode-vfs://github/me/repo/a.py": ("not on this machine's disk", "clone"),
    "vscode-remote://ssh-remote+box/home/me/a.py": ("not on this machine's disk", "run wherein where"),
    "output:extension-output-1": ("page of the editor", "open a file"),
    "nobody-knows:x": ("no file on disk", "open a file"),
    "file:///c%3A/Users/me/a.py": ("a Windows file", "WSL"),
    "file:///C:/Users/me/a.py": ("a Windows file", "WSL"),
    "file:///somewhere/else.py": ("not in a folder that is open", "open the folder"),
    "file:relative.py": ("not name a file on this machine", "open a file"),
    "file:///a%00b": ("not name a file", "open a file"),
    "": ("'uri' must be given, the document's URI, or 'symbol'", None),
}


@pytest.mark.parametrize("uri", NO_FILES)
@pytest.mark.parametrize("method", ["wherein/related", "wherein/explain"])
def test_a_document_that_is_no_file_is_refused_with_what_helps(reading, method, uri):
    said, remedy = NO_FILES[uri]
    with pytest.raises(Failed) as failed:
        reading.request(method, {"uri": uri, "position": START})
    assert failed.value.code == -32602
    assert said in failed.value.message
    assert "\n" not in failed.value.message
    assert remedy is None or remedy in failed.value.data["remedy"]


@pytest.mark.parametrize("uri", [uri for uri in NO_FILES if uri])
def test_such_a_document_has_no_code_actions_and_saving_it_does_no_harm(reading, uri):
    before = reading.named("window/showMessage")
    document = {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": "x = 1\n"}}
    reading.notify("textDocument/didOpen", document)
    reading.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    actions = {
        "textDocument": {"uri": uri},
        "range": {"start": START, "end": START},
        "context": {"diagnostics": []},
    }
    assert reading.request("textDocument/codeAction", actions) == []
    reading.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert reading.command("wherein.search", {"query": "charge a card"})["results"]
    assert reading.named("window/showMessage") == before


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("vscode-vfs://github/me/repo", "not on this machine's disk"),
        ("file:///no/such/folder", "is not a folder"),
        ("file:///c%3A/Users/me", "a Windows file"),
    ],
)
def test_a_folder_that_cannot_be_served_is_told_to_who_asks(start, uri, said):
    client = start()
    client.initialize(rootUri=uri, workspaceFolders=[{"uri": uri, "name": "x"}])
    for ask in (
        lambda: client.command("wherein.search", {"query": "x"}),
        lambda: client.command("wherein.changed"),
        lambda: client.command("wherein.hook", {"action": "install"}),
        lambda: client.command("wherein.reindex"),
    ):
        with pytest.raises(Failed) as failed:
            ask()
        assert failed.value.code == -32001
        assert said in failed.value.message
        assert failed.value.data["remedy"]
    status = client.command("wherein.status")
    assert (status["index"], status["indexes"]) == (None, [])
    assert said in status["problem"]["message"]


def test_in_an_empty_window_every_question_is_told_that_no_folder_is_open(start, tmp_path):
    client = start()
    client.initialize()
    place = {"uri": (tmp_path / "a.py").as_uri(), "position": START}
    for name, argument in (
        ("search", {"query": "x"}),
        ("symbol", {"name": "x"}),
        ("related", place),
        ("explain", place),
        ("ask", {"query": "x"}),
        ("changed", {}),
        ("hook", {}),
        ("reindex", {}),
    ):
        with pytest.raises(Failed, match="No folder is open") as failed:
            client.request(f"wherein/{name}", argument)
        assert (failed.value.code, failed.value.data["remedy"]) == (-32001, "open a folder")
    status = client.command("wherein.status")
    assert status["indexes"] == []
    assert status["problem"]["remedy"] == "open a folder"
    assert client.request("workspace/symbol", {"query": "x"}) == []


NAMES = ["100%", "a?b", "über #1 %41 'q' & co [x]"]
if "WHEREIN_TEST_LONG" in os.environ:
    NAMES += ["with blanks", "Füße", "C#", "50%25"]


@pytest.mark.parametrize("name", NAMES)
def test_folders_and_files_of_any_name_are_served(start, make_repo, name):
    place = make_repo(name)
    path = f"{name}/{name}.py"
    file = place.write(path, CODE)
    client = start()
    client.initialize(place.root)
    client.indexed()
    (found, *_) = client.command("wherein.search", {"query": "charge a card", "kinds": ["function"]})[
        "results"
    ]
    assert found["path"] == path
    assert Path(found["location"]["uri"].removeprefix("file://")) != file  # it is encoded
    assert client.command("wherein.related", {"uri": found["location"]["uri"], "position": START})["results"]
    bare = f"file://{file}" if "%" not in name else file.as_uri()
    told = client.command(
        "wherein.explain", {"uri": bare, "position": {"line": 4, "character": 0}, "dry": True}
    )
    assert told["sources"][0]["symbol"] == "refund"
    file.write_text("def brand_new_thing():\n    return 1\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
    client.until(lambda: client.request("workspace/symbol", {"query": "brand_new_thing"}))


def test_a_link_to_a_line_is_taken_for_its_file(reading):
    uri = (reading.root / "shop/payment.py").as_uri()
    for end in ("#L8", "#L8-L12", "#8,1"):
        told = reading.command(
            "wherein.explain", {"uri": uri + end, "position": {"line": 8, "character": 0}, "dry": True}
        )
        assert told["sources"][0]["symbol"] == "charge_card"


def test_a_notebook_that_was_saved_is_found_by_its_cells(start, make_repo):
    place = make_repo("nb")
    place.write(
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "source": ["def charge_card(card):\\n", "    return card\\n"], '
        '"metadata": {}, "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    )
    client = start()
    client.initialize(place.root)
    client.indexed()
    (found, *_) = client.command("wherein.search", {"query": "charge a card"})["results"]
    assert found["path"] == "a.ipynb"


def test_when_the_process_that_indexes_is_killed_its_progress_ends_and_who_waits_is_told(start, make_repo):
    place = make_repo("many")
    for number in range(1500):
        place.write(f"f{number}.py", f"def function_{number}(x):\n    return x + {number}\n")
    client = start(begin_anew=True)
    client.initialize(place.root)
    created = client.until(lambda: client.named("window/workDoneProgress/create"))[0]["token"]
    client.until(lambda: client.progress(created))
    waiting = client.begin("wherein/reindex", {})
    (process,) = [
        child
        for child in children(client.process.pid)
        if b"update_process" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    os.kill(process, signal.SIGKILL)
    client.until(lambda: client.progress(created)[-1]["kind"] == "end")
    with pytest.raises(Failed, match="ended unexpectedly") as failed:
        client.wait(waiting)
    assert "wherein.reindex" in failed.value.data["remedy"]
    client.command("wherein.reindex")
    assert client.command("wherein.search", {"query": "function_1499"})["index"]["complete"] is True
