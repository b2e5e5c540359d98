"""The index follows what happens: saving, other tools, branches, folders of the workspace; and says how far it is."""

import sqlite3
import time
from contextlib import closing

import pytest

from installed_command import run_command
from raw_client import CAPABILITIES, Failed
from wherein.status import Progress
from wherein.store.sqlite.seal import seal
from wherein_server.lsp.asking import STALE_SECONDS
from wherein_server.lsp.updater import Updater

JOBS = 600
"""Files, of which indexing takes a while."""

TAX = "def value_added_tax(amount):\n    return amount * 0.19\n"


def symbols(client, query="value added tax", **arguments):
    answer = client.command("wherein.search", {"query": query, **arguments})
    return [result["symbol"] for result in answer["results"]]


def finds_tax(client):
    return "value_added_tax" in symbols(client)


def save(client, path):
    client.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})


def run(*arguments, place, environment):
    """The command in a terminal beside the editor."""
    assert run_command(*arguments, folder=place.root, environment=environment).returncode == 0


def kinds(client):
    """The kinds of work-done progress, by token."""
    seen = {}
    for note in client.named("$/progress"):
        seen.setdefault(note["token"], []).append(note["value"]["kind"])
    return seen


@pytest.fixture
def many_files(shop):
    """So many that indexing them takes a while."""
    for number in range(JOBS):
        body = "\n".join(f"def job_{number}_{i}(x):\n    return step(x, {i})\n" for i in range(5))
        shop.write(f"jobs/job{number}.py", body)
    shop.commit()
    return shop


def test_the_first_indexing_shows_progress_that_can_be_cancelled(client):
    client.until(lambda: any("end" in seen for seen in kinds(client).values()))
    (seen,) = kinds(client).values()
    assert seen[0] == "begin"
    assert seen[-1] == "end"
    begin = client.named("$/progress")[0]["value"]
    assert begin["title"] == "Indexing shop"
    assert begin["cancellable"] is True
    assert (
        client.named("window/workDoneProgress/create")[0]["token"] == client.named("$/progress")[0]["token"]
    )


def test_a_client_without_progress_gets_none(start, shop):
    client = start()
    client.initialize(shop.root, capabilities={})
    client.indexed()
    assert client.notes == []


def test_while_indexing_answers_come_from_what_is_there_and_say_so(start, many_files):
    """Also of what happens meanwhile: until somebody has looked again, nobody knows how far the index is behind."""
    client = start()
    client.initialize(many_files.root)
    seen, saved = [], False
    while not seen or (seen[-1]["complete"], seen[-1]["behind"]) != (True, 0):
        seen.append(client.command("wherein.search", {"query": "job"})["index"])
        if seen[-1]["behind"] and not saved:
            save(client, many_files.write("shop/tax.py", TAX))
            saved = True
        time.sleep(0.01)  # who asks without a pause takes the machine from what indexes
    whole = [told["complete"] for told in seen].index(True)
    assert whole > 3
    behind = [told["behind"] for told in seen[:whole] if told["behind"] is not None]
    assert behind == sorted(behind, reverse=True)
    assert behind[0] > 0
    assert seen[whole]["behind"] is None
    assert not any(told["behind"] for told in seen if told["complete"])
    assert finds_tax(client)


def test_an_update_that_ends_while_it_is_asked_about_is_not_told_as_half_over(tmp_path):
    class Ending(Updater):
        @property
        def step(self):
            self.asked += 1
            return Progress(1, 149, 10) if self.asked == 1 else None

        @step.setter
        def step(self, step):
            self.asked = 0

    updater = Ending(tmp_path, dict, ())
    assert updater.standing() == (148, True)
    assert updater.standing() == (None, False)


def test_indexing_that_is_cancelled_stops_and_goes_on_when_asked(start, many_files):
    client = start()
    client.initialize(many_files.root)
    client.until(lambda: any("report" in seen for seen in kinds(client).values()))
    (token,) = kinds(client)
    client.notify("window/workDoneProgress/cancel", {"token": token})
    client.until(lambda: kinds(client)[token][-1] == "end")
    (status,) = client.indexed()["indexes"]
    assert status["index"]["complete"] is False
    assert 0 < status["files"] < JOBS
    time.sleep(STALE_SECONDS + 0.2)
    assert client.command("wherein.search", {"query": "value"})["index"]["complete"] is False
    (later,) = client.indexed()["indexes"]
    assert later["files"] == status["files"]
    client.command("wherein.reindex", {})
    assert client.command("wherein.status")["indexes"][0]["files"] == JOBS + 3


def test_cancelling_a_request_to_index_stops_it(start, many_files):
    client = start()
    client.initialize(many_files.root, initializationOptions={"lsp": {"auto_update": False}})
    asked = client.begin("workspace/executeCommand", {"command": "wherein.reindex", "arguments": [{}]})
    client.until(lambda: kinds(client))
    client.cancel(asked)
    with pytest.raises(Failed) as failed:
        client.wait(asked, 5)
    assert failed.value.code == -32800
    assert client.command("wherein.status")["indexes"][0]["updating"] is False


def test_a_saved_file_is_found(client, shop):
    save(client, shop.write("shop/tax.py", TAX))
    began = time.monotonic()
    client.until(lambda: finds_tax(client))
    assert time.monotonic() - began < 2  # 0.2 on a machine that does nothing else


def test_a_file_that_another_tool_changed_is_found(client, shop):
    client.indexed()
    change = {"uri": shop.write("shop/tax.py", TAX).as_uri(), "type": 1}
    client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
    client.until(lambda: finds_tax(client))


def test_a_change_that_nobody_tells_of_is_found_at_the_second_question(client, shop):
    shop.write("shop/tax.py", TAX)
    client.until(lambda: finds_tax(client), timeout=30)


def test_files_are_watched_by_clients_that_can(start, shop):
    client = start()
    workspace = CAPABILITIES["workspace"] | {
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
    }
    client.initialize(shop.root, capabilities={**CAPABILITIES, "workspace": workspace})
    (asked,) = client.until(lambda: client.named("client/registerCapability"))
    registered = {each["method"]: each["registerOptions"] for each in asked["registrations"]}
    assert registered == {
        "workspace/didChangeWatchedFiles": {"watchers": [{"globPattern": "**/*"}]},
        "workspace/didChangeConfiguration": {"section": "wherein"},
    }


def test_a_branch_that_is_switched_is_followed(start, shop):
    shop.git("switch", "--quiet", "--create", "taxes")
    shop.commit({"shop/tax.py": TAX})
    client = start()
    client.initialize(shop.root)
    client.indexed()
    assert finds_tax(client)
    shop.git("switch", "--quiet", "main")
    client.until(lambda: not finds_tax(client))
    told = client.command("wherein.status")["index"]
    assert told["commit"] == shop.git("rev-parse", "main").strip()


def test_a_branch_that_is_switched_in_a_worktree_is_followed(start, shop, tmp_path):
    shop.git("branch", "taxes")
    shop.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "taxes")
    client = start()
    client.initialize(tmp_path / "tree")
    client.indexed()
    shop.git("-C", str(tmp_path / "tree"), "switch", "--quiet", "--create", "more")
    (tmp_path / "tree" / "tax.py").write_text(TAX)
    shop.git("-C", str(tmp_path / "tree"), "add", "tax.py")
    client.until(lambda: finds_tax(client))


def test_folders_come_and_go(client, shop, make_repo):
    other = make_repo("other")
    other.commit({"tax.py": TAX})
    folder = {"uri": other.root.as_uri(), "name": "other"}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
    client.until(lambda: finds_tax(client))
    assert len(client.command("wherein.status")["indexes"]) == 2
    assert "value_added_tax" not in symbols(client, uri=shop.root.as_uri())
    assert client.command("wherein.search", {"query": "tax"})["index"]["repository"] == "*"
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
    client.until(lambda: len(client.command("wherein.status")["indexes"]) == 1)
    assert not finds_tax(client)


def test_a_folder_that_comes_while_another_one_goes_is_served(client, shop, make_repo):
    other = make_repo("other")
    other.commit({"tax.py": TAX})
    come, gone = ({"uri": each.root.as_uri(), "name": each.root.name} for each in (other, shop))
    for event in ({"added": [come], "removed": []}, {"added": [], "removed": [gone]}):
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    client.until(lambda: len(client.command("wherein.status")["indexes"]) == 1)
    client.until(lambda: finds_tax(client))
    (told,) = client.command("wherein.status")["indexes"]
    assert told["folders"] == [come["uri"]]


def test_two_folders_of_one_repository_share_its_index(start, shop):
    client = start()
    client.initialize(shop.root / "shop", shop.root)
    (told,) = client.indexed()["indexes"]
    assert told["folders"] == sorted(folder.as_uri() for folder in (shop.root, shop.root / "shop"))
    assert told["root"] == shop.root.as_uri()
    shop_alone = {"uri": (shop.root / "shop").as_uri(), "name": "shop"}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [shop_alone]}})
    client.until(lambda: client.command("wherein.status")["indexes"][0]["folders"] == [shop.root.as_uri()])
    assert symbols(client, "charge a card")


def test_results_are_spelt_as_the_editor_spells_the_folder(start, shop, tmp_path):
    link = tmp_path / "a link & more"
    link.symlink_to(shop.root)
    client = start()
    client.initialize(link)
    client.indexed()
    found = client.command("wherein.search", {"query": "charge a card"})["results"][0]["location"]["uri"]
    assert found == (link / "shop/payment.py").as_uri()
    assert "%20" in found
    place = {"uri": found, "position": {"line": 8, "character": 0}}
    assert client.command("wherein.related", place)["results"]


def test_a_plain_folder_is_served_too(start, make_folder):
    place = make_folder("plain")
    place.write("tax.py", TAX)
    client = start()
    client.initialize(place.root)
    client.indexed()
    assert finds_tax(client)


def test_the_editor_s_settings_count_and_are_followed(start, shop):
    shop.write("shop/tax.py", TAX)
    client = start()
    client.settings = {"index": {"exclude": ["tax.py"]}, "search.limit": 2}
    client.initialize(shop.root)
    client.indexed()
    assert len(symbols(client)) == 2
    assert not finds_tax(client)
    client.settings = {}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.until(lambda: finds_tax(client))


def test_settings_that_are_sent_without_being_asked_for_count(start, shop):
    client = start()
    client.initialize(shop.root, capabilities={})
    client.indexed()
    client.notify("workspace/didChangeConfiguration", {"settings": {"wherein": {"search": {"limit": 1}}}})
    client.until(lambda: len(symbols(client, "pay")) == 1)


def test_a_folder_s_settings_cannot_choose_a_store_or_an_endpoint(start, shop, tmp_path):
    client = start()
    client.settings = {
        "store": f"sqlite://{tmp_path}/elsewhere",
        "llm": {"base_url": "http://evil.example/v1"},
    }
    client.initialize(shop.root)
    client.indexed()
    assert not (tmp_path / "elsewhere").exists()
    assert "it counts only in initializationOptions" in client.log.read_text()


def test_the_user_s_options_can(start, shop, tmp_path):
    client = start()
    client.initialize(shop.root, initializationOptions={"store": f"sqlite://{tmp_path}/elsewhere"})
    client.indexed()
    assert (tmp_path / "elsewhere").exists()


def test_without_automatic_updates_nothing_is_indexed_until_asked(start, shop):
    client = start()
    client.initialize(shop.root, initializationOptions={"lsp": {"auto_update": False}})
    with pytest.raises(Failed, match="not indexed yet") as failed:
        client.command("wherein.search", {"query": "pay"})
    assert failed.value.code == -32001
    assert failed.value.data["remedy"] == "wherein.reindex"
    client.command("wherein.reindex", {})
    assert symbols(client, "charge a card")


@pytest.fixture
def index_file(client, data_dir):
    """The index of the session, alone: nobody updates it."""
    client.indexed()
    (file,) = (data_dir / "indexes").glob("*.db")
    return file


def test_a_store_that_goes_away_and_comes_back_is_noticed(start, shop, data_dir):
    quiet = start()
    quiet.initialize(shop.root, initializationOptions={"lsp": {"auto_update": False}})
    quiet.command("wherein.reindex", {})
    found = symbols(quiet, "charge a card")
    (data_dir / "indexes").rename(data_dir / "away")
    with pytest.raises(Failed) as failed:
        symbols(quiet, "charge a card")
    assert failed.value.code == -32001
    (data_dir / "indexes").write_text("no folder")
    with pytest.raises(Failed) as failed:
        symbols(quiet, "charge a card")
    assert failed.value.code == -32002
    assert quiet.command("wherein.status")["indexes"][0]["problem"]["code"] == -32002
    (data_dir / "indexes").unlink()
    (data_dir / "away").rename(data_dir / "indexes")
    assert symbols(quiet, "charge a card") == found


def test_updates_go_on_when_the_store_is_back(client, shop, data_dir):
    (data_dir / "indexes").rename(data_dir / "away")
    (data_dir / "indexes").write_text("no folder")
    save(client, shop.write("shop/tax.py", TAX))
    told = client.until(lambda: client.named("window/showMessage"))
    assert len(told) == 1
    assert "cannot be used" in told[0]["message"]
    (data_dir / "indexes").unlink()
    (data_dir / "away").rename(data_dir / "indexes")
    client.until(
        lambda: (lambda status: status["problem"] is None)(client.command("wherein.status")["indexes"][0])
    )
    assert finds_tax(client)


def test_an_index_that_was_deleted_is_made_anew_and_read(client, shop, index_file):
    index_file.unlink()
    for beside in index_file.parent.glob(f"{index_file.name}-*"):
        beside.unlink()
    save(client, shop.write("shop/tax.py", TAX))
    client.until(lambda: not client.command("wherein.status")["indexes"][0]["problem"])
    client.until(lambda: finds_tax(client))


def test_an_index_that_was_deleted_is_made_anew_for_who_asks(client, shop, index_file, environment):
    time.sleep(STALE_SECONDS + 0.2)
    run("clear", place=shop, environment=environment)
    with pytest.raises(Failed) as failed:
        symbols(client, "charge a card")
    assert failed.value.code == -32001
    client.until(lambda: "charge_card" in symbols(client, "charge a card"))


def test_an_index_that_another_process_made_anew_is_read(start, shop, environment):
    client = start()
    client.initialize(shop.root, initializationOptions={"lsp": {"auto_update": False}})
    client.command("wherein.reindex", {})
    assert symbols(client, "charge a card")
    shop.write("shop/tax.py", TAX)
    run("index", "--force", place=shop, environment=environment)
    assert finds_tax(client)


def made_by(version, index_file):
    with closing(sqlite3.connect(index_file)) as db:
        db.execute("UPDATE identity SET chunker = ?, commits = commits + 1", (version,))
        db.commit()
        seal(db, index_file)


def test_after_an_upgrade_the_index_is_made_anew_without_a_word(start, client, shop, index_file):
    client.shut_down()
    made_by("0", index_file)
    other = start()
    other.initialize(shop.root)
    other.until(lambda: symbols(other, "charge a card"))
    assert not other.named("window/showMessage")


def test_an_index_of_a_newer_version_is_offered_to_be_rebuilt(start, client, shop, index_file):
    client.shut_down()
    made_by("9999", index_file)
    other = start()
    asked = []

    def choose(params):
        asked.append(params)
        return params["actions"][0]

    other.on_request["window/showMessageRequest"] = choose
    other.initialize(shop.root)
    other.until(lambda: asked)

    def rebuilt():  # begins a moment after the answer to the question
        try:
            return symbols(other, "charge a card")
        except Failed:
            return []

    other.until(rebuilt)


def test_a_home_folder_is_indexed_when_the_editor_was_asked_and_agrees(start, only_our_configuration):
    home = only_our_configuration
    (home / "tax.py").write_text(TAX)
    client = start()
    asked = []

    def choose(params):
        asked.append(params)
        return params["actions"][0] if len(asked) > 1 else None

    client.on_request["window/showMessageRequest"] = choose
    client.initialize(home)
    client.until(lambda: asked)
    assert "is your home folder" in asked[0]["message"]
    with pytest.raises(Failed) as failed:
        client.command("wherein.reindex", {})
    assert failed.value.code == -32001
    client.shut_down()
    again = start()
    again.on_request["window/showMessageRequest"] = choose
    again.initialize(home)
    again.until(lambda: again.command("wherein.status")["indexes"][0].get("files"))
    assert finds_tax(again)


def test_a_repository_s_own_settings_are_followed_when_they_are_saved(client, shop):
    save(client, shop.write("shop/tax.py", TAX))
    client.until(lambda: finds_tax(client))
    save(client, shop.write(".wherein.toml", 'index.exclude = ["tax.py"]\nsearch.limit = 1\n'))
    client.until(lambda: not finds_tax(client))
    assert len(symbols(client, "pay")) == 1


def test_the_first_commit_gives_a_repository_its_name_and_it_is_followed(start, make_repo):
    place = make_repo("young")
    place.write("tax.py", TAX)
    client = start()
    client.initialize(place.root)
    before = client.indexed()["index"]["repository"]
    place.commit()
    client.until(lambda: client.command("wherein.status")["index"]["repository"] != before)
    save(client, place.write("more.py", "def more_taxes():\n    return 1\n"))
    client.until(lambda: "more_taxes" in symbols(client, "more taxes"))


def test_a_folder_of_the_command_line_is_served_to_clients_that_name_none(start, shop):
    client = start("--repo", str(shop.root))
    client.initialize()
    client.indexed()
    assert symbols(client, "charge a card")


def test_settings_that_cannot_be_read_are_told_in_the_editor(start, shop, tmp_path):
    (tmp_path / "config.toml").write_text("search.limit = many\n")
    client = start(environment={"WHEREIN_CONFIG": str(tmp_path / "config.toml")})
    client.initialize(shop.root)
    with pytest.raises(Failed, match=r"config\.toml") as failed:
        client.command("wherein.search", {"query": "card"})
    assert failed.value.code == -32602
    assert client.until(lambda: client.named("window/showMessage"))[0]["type"] == 2


def test_of_several_folders_one_that_is_not_indexed_makes_the_answer_incomplete(start, shop, make_repo):
    other = make_repo("other")
    other.commit({"tax.py": TAX})
    client = start()
    client.initialize(shop.root, other.root, initializationOptions={"lsp": {"auto_update": False}})
    client.command("wherein.reindex", {"uri": other.root.as_uri()})
    answer = client.command("wherein.search", {"query": "value added tax"})
    assert [result["symbol"] for result in answer["results"]] == ["value_added_tax"]
    assert answer["index"]["complete"] is False
    (left_out,) = answer["left_out"]  # or who asks would wait for what nobody indexes
    assert "shop" in left_out
    assert "not indexed yet" in left_out


def test_a_folder_whose_first_indexing_is_awaited_is_not_left_out(start, shop, make_repo):
    other = make_repo("other")
    other.commit({"tax.py": TAX})
    client = start()
    client.initialize(shop.root, other.root)
    client.indexed()
    client.until(lambda: client.command("wherein.search", {"query": "value added tax"})["results"])
    assert client.command("wherein.search", {"query": "value added tax"})["left_out"] == []


def test_a_name_that_is_anothers_is_told_once(client, environment, make_repo):
    twin = make_repo("twin")
    twin.git("remote", "add", "origin", "https://example.org/team/shop.git")
    twin.commit(
        {"a.py": "def first(): pass\n", ".wherein.toml": '[index]\nname = "example.org/other/shop"\n'}
    )
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        {"event": {"added": [{"uri": twin.root.as_uri(), "name": "twin"}], "removed": []}},
    )
    told = client.until(lambda: client.named("window/showMessage"))
    assert "example.org/other/shop" in told[0]["message"]
    save(client, twin.write("b.py", "def second(): pass\n"))
    client.until(lambda: symbols(client, "second"))
    assert len(client.named("window/showMessage")) == 1
