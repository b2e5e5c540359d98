"""What goes wrong around the Neovim plugin: each time one sentence, and what helps."""

import os
import signal
import stat
from pathlib import Path

import pytest

from llama_server import LlamaServer, Recital
from neovim import VERSIONS
from neovim_plugin import SHOP, make_repository

TOLD = "return vim.fn.execute('messages'):match('wherein: [^\\n]*')"
FAILED = """
for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  if line:find('→', 1, true) then return line end
end
"""


EVERY_VERSION = pytest.mark.parametrize("version", VERSIONS, indirect=True)
FIRST_AND_LAST = pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]], indirect=True)
"""for what depends on how Neovim treats its servers"""


@pytest.fixture(scope="module", params=["newest"])
def version(request):
    return request.param


@pytest.fixture
def program(tmp_path):
    """program(text): a script that stands in the place of the command."""

    def make(text):
        file = tmp_path / "a server.sh"
        file.write_text("#!/bin/sh\n" + text)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    return make


@pytest.fixture
def begin(version, launch):
    """begin(root, environment, setup=…): a Neovim of its own, closed with the test."""
    sessions = []

    def start(root, environment, **options):
        sessions.append(launch(version, root, environment, **options))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


def with_command(command, **more):
    settings = ", ".join(
        [f"cmd = {{ '{command}', 'lsp' }}", *(f"{name} = {value}" for name, value in more.items())]
    )
    return f"require('wherein').setup({{ {settings} }})"


def only_one_sentence(session):
    """What was told, if it is one thing."""
    told = session.until(TOLD)
    said = session.messages().strip()
    assert said.count("wherein: ") == 1, said
    assert "\n" not in said, said
    assert "stack traceback" not in said
    return told


def test_no_server(begin, place):
    session = begin(place.root, place.environment, setup=with_command("no-such-wherein"))
    session.command("Wherein! search charge")
    told = only_one_sentence(session)
    assert told.startswith(
        'wherein: The command "no-such-wherein" is not found. → run ./install in a clone of wherein'
    )
    session.command("checkhealth wherein")
    health = "\n".join(session.buffer())
    assert 'ERROR The command "no-such-wherein" is not found.' in health


def test_a_server_of_another_version_is_told_once_and_used(begin, place, program):
    # the real one, in whose first answer the version is another
    server = program(
        "exec python3 -u -c 'import os, sys, subprocess, threading\n"
        'p = subprocess.Popen(["wherein", "lsp"], stdin=0, stdout=subprocess.PIPE)\n'
        "while chunk := os.read(p.stdout.fileno(), 1 << 16):\n"
        '    os.write(1, chunk.replace(b"\\"version\\": \\"0.1.0\\"", b"\\"version\\": \\"0.9.0\\""))\n\''
    )
    session = begin(place.root, place.environment, setup=with_command(server))
    session.command("Wherein! search charge")
    session.until("return #vim.fn.getqflist() > 0")
    session.command("Wherein! search refund")
    session.until("return vim.fn.getqflist({ title = 1 }).title:find('refund', 1, true)")
    told = only_one_sentence(session)
    assert "The server is wherein 0.9.0, this plugin is made for 0.1.0." in told
    assert "./install neovim" in told


@EVERY_VERSION
def test_a_server_that_hangs_at_its_start_is_given_up(begin, place, program):
    session = begin(
        place.root, place.environment, setup=with_command(program("exec sleep 600"), start_timeout=400)
    )
    session.command("Wherein! search charge")
    told = only_one_sentence(session)
    assert told == "wherein: The server has not answered for 0.4 seconds. → :checkhealth wherein"
    session.until("return #vim.lsp.get_clients({ name = 'wherein', _uninitialized = true }) == 0")


@pytest.mark.parametrize("text", ["Activating the environment.", "Content-Type: nothing\\r\\n\\r\\n{}"])
@EVERY_VERSION
def test_a_server_that_prints_to_standard_output(begin, place, program, version, text):
    if text.startswith("Content-Type") and version != "newest":
        return  # Neovim itself stumbles over what begins as a message
    server = program(f"printf '{text}\\n'; exec wherein lsp")
    session = begin(place.root, place.environment, setup=with_command(server, start_timeout=4000))
    session.command("Wherein! search charge")
    outcome = session.until(f"return #vim.fn.getqflist() > 0 and 'found' or (function() {TOLD} end)()")
    if outcome != "found":  # what Neovim can read over differs
        assert ":checkhealth wherein" in only_one_sentence(session)


@EVERY_VERSION
def test_a_server_that_ends_at_its_start(begin, place, program):
    session = begin(place.root, place.environment, setup=with_command(program("echo no >&2; exit 3")))
    session.command("Wherein! search charge")
    assert only_one_sentence(session) == (
        "wherein: The server ended by itself, with the exit code 3. → :checkhealth wherein"
    )


@FIRST_AND_LAST
def test_a_server_that_is_killed_in_the_middle_of_an_answer_and_starts_anew(begin, place):
    endless = Recital(("On", " and", " on"), endless=True)
    with LlamaServer(endless, window=131_072) as model:
        environment = place.environment | {"WHEREIN_LLM_BASE_URL": model.base_url}
        longest = "require('wherein').setup({ settings = { llm = { max_tokens = 30000 } } })"
        session = begin(place.root, environment, setup=longest)
        session.command("edit shop/cart.py")
        session.command("Wherein explain charge_card")
        session.until(
            "return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find('and on', 1, true)"
        )
        os.kill(server_pid(session), signal.SIGKILL)
        assert only_one_sentence(session) == (
            "wherein: The server was ended by signal 9. → ask again, it will be restarted"
        )
        assert "and on" in "".join(session.buffer())  # what was said stays
        session.keys("q")
        session.command("messages clear")
        session.command("Wherein! search charge")
        session.until("return #vim.fn.getqflist() > 0")
        assert session.messages() == ""
        # and one that streams for ever is stopped by a key
        session.command("cclose")
        session.command("Wherein explain charge_card")
        session.until(
            "return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find('and on', 1, true)"
        )
        session.keys("gs")
        session.until_shown("stopped; gr asks again")
        length = len("".join(session.buffer()))
        session.command("sleep 200m")
        assert len("".join(session.buffer())) == length


def server_pid(session):
    (pid,) = (
        int(entry.name)
        for entry in os.scandir("/proc")
        if entry.name.isdigit() and is_server_of(int(entry.name), session.process.pid)
    )
    return pid


def is_server_of(pid, parent):
    try:
        about = Path(f"/proc/{pid}")
        ours = int((about / "stat").read_text().rpartition(")")[2].split()[1]) == parent
        return ours and "\0lsp" in (about / "cmdline").read_text()
    except OSError:
        return False


def test_an_endpoint_that_is_away_is_told_in_the_answer(begin, place):
    environment = place.environment | {"WHEREIN_LLM_BASE_URL": "http://127.0.0.1:9/v1"}
    session = begin(place.root, environment)
    session.command("edit shop/cart.py")
    session.command("Wherein explain charge_card")
    told = session.until(f"local told = (function() {FAILED} end)(); return told and told:find('→') and told")
    assert "127.0.0.1:9" in told
    assert session.messages() == ""  # it would ask for <CR> over what is shown


def test_a_store_that_is_away(begin, place):
    session = begin(place.root, place.environment | {"WHEREIN_STORE": "redis://127.0.0.1:9"})
    session.command("Wherein! search charge")
    told = session.until(TOLD)
    assert "127.0.0.1:9" in told
    assert "traceback" not in session.messages()
    session.command("Wherein status")
    session.until("return vim.api.nvim_win_get_config(0).relative ~= ''")
    assert "127.0.0.1:9" in "\n".join(session.buffer())


def test_a_folder_that_is_no_repository_is_searched_and_one_that_is_a_home_is_asked_about(
    begin, place, tmp_path
):
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "notes.py").write_text("def remember(what):\n    return what\n")
    session = begin(folder, place.environment)
    session.command("edit notes.py")
    session.command("Wherein! search remember")
    session.until("return #vim.fn.getqflist() > 0")
    session.close()
    session = begin(folder, place.environment | {"HOME": str(folder)})
    session.lua("""
      vim.ui.select = function(items, options, choose) asked = options.prompt choose(nil) end
      vim.fn.inputlist = function(lines) asked = lines[1] return 0 end
    """)
    session.command("Wherein! search remember")
    session.until("return asked ~= nil")
    assert str(folder) in session.lua("return asked")


def test_buffers_that_are_no_files(begin, place):
    session = begin(place.root, place.environment)
    session.command("Wherein explain")
    assert only_one_sentence(session) == (
        "wherein: This buffer has no file yet, so nothing of it is indexed. → :write FILE"
    )
    for name in ("ssh://host/file.py", "fugitive:///shop/.git//1/shop/cart.py"):
        session.command("messages clear")
        session.command(f"enew | file {name}")
        session.command("Wherein related")
        assert only_one_sentence(session) == (
            "wherein: This buffer is not a file in a repository. → name a symbol: :Wherein explain NAME"
        )
    session.command("messages clear")
    session.command("Wherein! search charge")  # of the working directory all the same
    session.until("return #vim.fn.getqflist() > 0")


def test_a_file_outside_of_the_working_directory_is_asked_about_in_its_own_repository(begin, place, tmp_path):
    other = make_repository(
        tmp_path / "other", {"bake.py": "def bake_bread(flour):\n    return flour\n"}, place.environment
    )
    session = begin(place.root, place.environment)
    session.command(f"edit {other / 'bake.py'}")
    session.command("Wherein! search bake bread")
    session.until("return #vim.fn.getqflist() > 0")
    assert session.lua("return vim.fn.bufname(vim.fn.getqflist()[1].bufnr)") == str(other / "bake.py")
    session.command("cclose | edit shop/cart.py")
    session.command("Wherein! search charge a card")
    session.until("return vim.fn.getqflist({ title = 1 }).title:find('charge', 1, true)")
    assert session.lua("return vim.fn.bufname(vim.fn.getqflist()[1].bufnr)") == "shop/payment.py"
    assert session.lua("return #vim.lsp.get_clients({ name = 'wherein' })") == 2


ODD = "Ä folder #1 100% [x] {y} 'z' $HOME"


@FIRST_AND_LAST
def test_paths_with_odd_characters_are_opened_as_they_are(begin, place, tmp_path):
    root = make_repository(
        tmp_path / ODD,
        {"a b/ü#%[1].py": "def überall(x):\n    return 'grüße'  # everywhere\n", **SHOP},
        place.environment,
    )
    session = begin(root, place.environment)
    session.command("Wherein symbol überall")
    session.until_shown("function  überall")
    session.keys("<CR>")
    session.until("return vim.fn.line('.') == 1 and vim.fn.getline('.'):find('überall', 1, true) ~= nil")
    assert session.lua("return vim.api.nvim_buf_get_name(0)") == str(root / "a b/ü#%[1].py")
    assert session.lua("return vim.fn.col('.')") == 5
    session.command("Wherein! related")
    session.until("return #vim.fn.getqflist() > 0")
    session.command("cclose")
    session.command("Wherein! search überall")
    session.until("return vim.fn.getqflist({ title = 1 }).title:find('überall', 1, true)")
    session.command("cc 1")
    assert session.lua("return vim.api.nvim_buf_get_name(0)") == str(root / "a b/ü#%[1].py")


def test_a_file_that_is_gone_by_now_and_an_unknown_command(begin, place, tmp_path):
    root = make_repository(tmp_path / "shrinking", SHOP, place.environment)
    session = begin(root, place.environment)
    session.command("Wherein search match a route kind:function")
    session.until_shown("matchRoute")
    (root / "web/router.ts").unlink()
    session.keys("<CR>")
    assert only_one_sentence(session).endswith("web/router.ts is not there any more. → :Wherein reindex")
    session.command("messages clear")
    session.command("Wherein serach charge")
    assert only_one_sentence(session).startswith(
        "wherein: There is no :Wherein serach. → :Wherein ask|callees|callers|changed|"
    )
