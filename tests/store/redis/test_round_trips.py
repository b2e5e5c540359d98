"""How often a command waits for the network, and how much comes through it: counted between the client and a server."""

import json
import os
import shutil
import sys
import zlib
from pathlib import Path

import pytest

import kept_interpreter
import wherein
from embedding_server import EmbeddingServer
from redis_servers.counting_proxy import CountingProxy
from wherein.config.settings import Settings
from wherein.opening import open_stored

WHEREIN = Path(sys.executable).parent / "wherein"

COLD, WARM, EDITED, EVERYWHERE, LISTED = 4, 2, 12, 6, 3
"""Round trips: of a command's search, of a search in a process that searched before, of one that must store an edit
first, of one in all repositories, of a list of all repositories."""

NAMED, CALLED, MEANT, STATUS, DOCTOR = 6, 10, 8, 6, 15
"""Round trips of a command that asks for a name or a place, of one that asks for calls, of the calls of a name in a
line, and of the commands that look at the store itself."""

MOST_DOWN = 80_000
"""Bytes, for a command's search."""

QUERIES = ("where is a widget painted", "Widget7.paint", "close the widget cache", "colour of the border")


@pytest.fixture
def proxy(server):
    with server.client() as client:
        client.flushall()
    with CountingProxy(server.socket).running() as counting:
        yield counting


@pytest.fixture
def command(proxy, tmp_path):
    """command(folder, words…): what the command printed, with the proxy's counts of it alone."""

    def run(folder, *words, url=None, rc=0, more=None):
        proxy.reset()
        environment = os.environ | {
            "WHEREIN_STORE": url or proxy.url,
            "WHEREIN_DATA_DIR": str(tmp_path / "data"),
            **(more or {}),
        }
        done = kept_interpreter.run(WHEREIN, words, folder=folder, environment=environment)
        assert done.returncode == rc, done.stderr
        return done.stdout.decode()

    return run


def widget(number: int) -> str:
    return (
        f"class Widget{number}:\n"
        f'    """A widget with border {number}."""\n\n'
        f"    def paint(self, canvas):\n"
        f'        """Paint the widget{number} and its border."""\n'
        f"        canvas.line(self.colour, {number})\n\n"
        f"    def close(self):\n"
        f"        self.cache.clear({number})\n"
    )


@pytest.fixture
def place(make_repo):
    made = make_repo("widgets")
    made.commit({f"src/widget{number}.py": widget(number) for number in range(60)})
    return made


def test_a_commands_search_is_four_round_trips(command, proxy, place):
    command(place.root, "index")
    for query in QUERIES:
        assert "widget" in command(place.root, "search", query)
        assert proxy.turns <= COLD, query
        assert proxy.connections == 1
    command(place.root, "search", "--no-update", QUERIES[0])
    assert proxy.turns <= COLD


def test_a_search_after_an_edit_waits_for_one_transaction(command, proxy, place):
    command(place.root, "index")
    (place.root / "src/widget3.py").write_text(widget(3) + "\n\ndef repaired_by_hand():\n    pass\n")
    assert "repaired_by_hand" in command(place.root, "search", "repaired_by_hand")
    assert proxy.turns <= EDITED


def test_after_an_edit_of_a_file_of_up_to_50_chunks_a_search_waits_for_one_transaction_too(
    command, proxy, place
):
    functions = [f"def of_a_long_file_{number}():\n    return {number}\n\n\n" for number in range(90)]
    for chunks, more in ((26, 0), (50, 0), (90, 1)):
        place.commit({"src/long.py": "".join(functions[:chunks])})
        command(place.root, "index")
        (place.root / "src/long.py").write_text(
            "".join(functions[: chunks - 1]) + "def repaired_by_hand(): pass\n"
        )
        assert "repaired_by_hand" in command(place.root, "search", "repaired_by_hand")
        assert proxy.turns <= EDITED + more, chunks


MESSAGES = (
    "close a widget without its cache",
    "cannot paint the widget: missing border",
    "widget border must not be negative",
)
"""What may be a message: ranking reads texts for it."""


def test_what_ranking_reads_for_a_message_and_what_is_shown_come_down_together(command, proxy, place):
    command(place.root, "index")
    for query in MESSAGES:
        assert "widget" in command(place.root, "search", query)
        assert proxy.turns <= COLD, query
        assert proxy.down <= MOST_DOWN, query


def test_a_branch_that_was_never_read_here_is_searched_as_soon(command, proxy, place):
    command(place.root, "index", "--view", "HEAD")
    command(place.root, "search", "--view", "HEAD", "--no-update", QUERIES[0])
    assert proxy.turns <= COLD


def test_a_search_in_an_open_index_is_two_round_trips(proxy, place, tmp_path):
    settings = Settings(store=proxy.url, data_dir=tmp_path / "data")
    with wherein.open_index(place.root, settings=settings) as index:
        index.update(processes=0)
        index.search(QUERIES[0])
        for query in QUERIES:
            proxy.reset()
            assert index.search(query)
            assert proxy.turns <= WARM, query


def test_what_comes_for_a_search_does_not_grow_with_the_files(command, proxy, place):
    command(place.root, "index")
    command(place.root, "search", QUERIES[0])
    small = proxy.down
    place.commit({f"src/long{number}.py": f"BORDER = {list(range(3000))}\n" for number in range(20)})
    command(place.root, "index")
    command(place.root, "search", QUERIES[0])
    assert proxy.turns <= COLD
    assert proxy.down < 1.5 * small


def test_little_comes_for_a_search_in_real_code(command, proxy, make_repo):
    place = make_repo("store")
    code = Path(wherein.__file__).parent / "store"
    place.commit({str(file.relative_to(code)): file.read_text("utf-8") for file in code.rglob("*.py")})
    command(place.root, "index")
    for query in ("where a lease is renewed", "how candidates are packed", "what a view shows", "Keys.chunk"):
        assert command(place.root, "search", query)
        assert proxy.turns <= COLD, query
        assert proxy.down <= MOST_DOWN, query


def test_what_a_view_shows_comes_down_once_and_is_believed_only_as_it_was(command, proxy, place, tmp_path):
    place.commit({f"data/{number:04}/notes.txt": f"note {number}\n" for number in range(800)})
    command(place.root, "index", "--view", "HEAD")
    # so that the clone has little of what the view shows
    place.commit({f"data/{number:04}/notes.txt": f"other {number}\n" for number in range(800)})
    trees = tmp_path / "data" / "trees"
    (tree,) = trees.iterdir()
    tree.unlink()

    def searched():
        command(place.root, "search", "--view", "HEAD", "--no-update", QUERIES[0])
        assert proxy.turns <= COLD
        return proxy.down

    first, second = searched(), searched()
    assert first - second > 0.9 * tree.stat().st_size > 10_000
    assert tree.stat().st_mode & 0o077 == 0
    tree.write_bytes(zlib.compress(b"other.py\0blob\x001\0"))
    assert searched() == pytest.approx(first, rel=0.02)
    assert searched() == pytest.approx(second, rel=0.02)


def test_who_has_the_files_of_a_view_is_not_told_which_they_are(command, proxy, place, tmp_path):
    place.commit({f"data/{number:04}/notes.txt": f"note {number}\n" for number in range(800)})
    command(place.root, "index")
    place.commit({f"data/{number:04}/notes.txt": f"other {number}\n" for number in range(200)})
    command(place.root, "index")  # which is a difference to the tree

    def searched(*options):
        command(place.root, "search", *options, QUERIES[0])
        assert proxy.turns <= COLD
        return proxy.down

    shutil.rmtree(tmp_path / "data" / "trees")
    little = searched()
    assert searched("--no-update") < little + 1_000
    assert searched("--path", "src") < little + 1_000
    assert not (tmp_path / "data" / "trees").exists()
    (place.root / "src/widget3.py").write_text(widget(3) + "\n\ndef repaired_by_hand():\n    pass\n")
    assert "repaired_by_hand" in command(place.root, "search", "repaired_by_hand")
    assert proxy.turns <= EDITED


def test_who_has_most_of_the_files_of_a_view_is_told_of_the_others_alone(
    server, command, proxy, place, tmp_path
):
    notes = {f"data/{number // 10:02}/{number:04}.txt": f"note {number}\n" for number in range(800)}
    function = "def {}():\n    pass\n"
    ours = {
        "tools/repaired.py": function.format("repaired_by_hand"),
        "lib/same.py": function.format("left_alone"),
    }
    place.commit(notes | ours)
    command(place.root, "index", "--view", "HEAD")
    place.commit({"data/05/0050.txt": "another note\n", "src/late.py": function.format("painted_late")})
    command(place.root, "index", "--view", "HEAD")  # which is a difference to the tree
    place.git("rm", "-q", "tools/repaired.py")
    place.commit({"src/widget3.py": widget(3) + "\nMORE = 1\n", "new/mine.py": "MINE = 1\n"})
    trees = tmp_path / "data" / "trees"

    def searched(*words, most=COLD):
        found = command(place.root, "search", "--view", "HEAD", "--no-update", *words)
        assert proxy.turns <= most
        return found

    shutil.rmtree(trees)
    searched(QUERIES[0])
    partly = proxy.down
    assert not trees.exists()
    for name in ("repaired_by_hand", "painted_late"):
        assert name in searched(name)  # both are in folders of which this clone has other files
    assert "new/mine.py" not in searched("a widget of mine")
    assert "left_alone" in searched("left_alone", "--path", "lib")
    for path, name in (("tools", "repaired_by_hand"), ("src", "painted_late")):
        assert name in searched(name, "--path", path, most=COLD + 1)  # what differs is what is asked for
    with server.client() as client:
        (whole,) = [client.strlen(key) for key in client.scan_iter(match="*:tree:*", count=10_000)]
    shutil.rmtree(tmp_path / "data")
    place.git("reset", "-q", "--hard", "HEAD~1")
    searched(QUERIES[0])
    assert partly - proxy.down < whole / 5
    assert whole > 10_000


def test_an_open_index_is_told_once_of_what_differs(command, proxy, place, tmp_path):
    notes = {f"data/{number // 10:02}/{number:04}.txt": f"note {number}\n" for number in range(800)}
    place.commit(notes)
    command(place.root, "index", "--view", "HEAD")
    place.commit({f"data/{number:02}/more.txt": f"more {number}\n" for number in range(20)})
    shutil.rmtree(tmp_path / "data" / "trees")
    down = []
    with wherein.open_index(
        place.root, view="HEAD", settings=Settings(store=proxy.url, data_dir=tmp_path / "data")
    ) as index:
        for _ in range(2):
            index.look()
            proxy.reset()
            assert index.search(QUERIES[0])
            down.append(proxy.down)
            assert proxy.turns <= WARM
    assert not (tmp_path / "data" / "trees").exists()
    assert down[1] < down[0] - 3_000


def shelf(number: int) -> str:
    """A module whose functions are called by all others, and call them."""
    calls = "".join(f"    total += widget{other}.count_widgets{other}(items)\n" for other in range(30))
    imports = "".join(f"import widget{other}\n" for other in range(30) if other != number)
    return (
        f"{imports}\n\n"
        f"def count_widgets{number}(items):\n    total = sort_out(items)\n{calls}    return total\n\n\n"
        f"class Shelf{number}:\n    def __init__(self, items):\n        self.items = sort_out(items)\n\n"
        f"    def put(self, item):\n        return sort_out(self.items + [item])\n"
    )


@pytest.fixture
def shelves(make_repo):
    """Thirty files that call each other, and names that are defined in each of them."""
    made = make_repo("shelves")
    calling = {f"src/widget{number}.py": shelf(number) for number in range(30)}
    sorting = "def sort_out(items):\n    return sorted(items)\n"
    used = "".join(f"Shelf{number}([]).put({number})\n" for number in range(30))
    made.commit({**calling, "src/sorting.py": sorting, "src/use.py": used})
    return made


NAMES_AND_CALLS = (
    (NAMED, ("related", "src/widget3.py:31"), "src/"),
    (NAMED, ("outline", "src/widget3.py"), "Shelf3.put"),
    (NAMED, ("symbol", "sort_out"), "src/sorting.py:1"),
    (NAMED, ("symbol", "widgets.Shelf3.put"), "src/widget3.py"),
    (NAMED, ("symbol", "count_wid"), "count_widgets29"),
    (NAMED, ("symbol", "countwid"), "count_widgets29"),
    (NAMED, ("symbol", "sorto"), "sort_out"),
    (CALLED, ("callers", "sort_out"), "Shelf12.put"),
    (CALLED, ("callers", "put"), "src/use.py"),
    (CALLED, ("callers", "src/sorting.py:1"), "Shelf12.put"),
    (CALLED, ("callees", "count_widgets3"), "count_widgets12"),
    (CALLED, ("callees", "put"), "sort_out"),
    (CALLED, ("callees", "src/widget3.py:33"), "count_widgets12"),
)


def test_names_and_calls_take_as_few_round_trips_however_many_files_there_are(command, proxy, shelves):
    command(shelves.root, "index")
    for most, words, answer in NAMES_AND_CALLS:
        assert answer in command(shelves.root, *words), words
        assert proxy.turns <= most, words
        assert proxy.connections == 1
    command(shelves.root, "callers", "put", "--no-update")
    assert proxy.turns <= CALLED


def test_calls_of_a_name_in_a_line_take_as_few_round_trips_as_of_a_name(command, proxy, shelves, tmp_path):
    command(shelves.root, "index")
    settings = Settings(store=proxy.url, data_dir=tmp_path / "data")
    with wherein.open_index(shelves.root, settings=settings) as index:
        for line, name in ((33, "sort_out"), (33, "put"), (33, "count_widgets12"), (2, "count_widgets12")):
            proxy.reset()
            target, found = index.calls_meant("src/widget3.py", line, name, "callers")
            assert found
            assert target == name
            assert proxy.turns <= MEANT, (line, name)


def test_all_names_come_down_once_and_are_believed_only_as_they_were(command, proxy, place, tmp_path):
    more = "".join(
        f"def paint_{zlib.crc32(bytes([number, at])):x}():\n    pass\n"
        for number in range(40)
        for at in range(40)
    )
    place.commit({"src/many.py": more})
    command(place.root, "index")

    def asked(name, answer):
        assert answer in command(place.root, "symbol", name)
        assert proxy.turns <= NAMED
        return proxy.down

    first, second = asked("Widget7", "src/widget7.py"), asked("Widget7", "src/widget7.py")
    (kept,) = (tmp_path / "data" / "names").iterdir()
    assert first - second > 0.7 * kept.stat().st_size > 5_000
    assert kept.stat().st_mode & 0o077 == 0
    place.commit({"src/later.py": "class Widget7Later:\n    pass\n"})
    command(place.root, "index")
    later = asked("Widget7La", "src/later.py")
    size = kept.stat().st_size
    assert later < first - size / 2
    kept.write_bytes(kept.read_bytes()[:-9])
    assert asked("Widget7La", "src/later.py") > later + size / 2
    assert asked("Widget7La", "src/later.py") < later + 500


def test_the_store_is_listed_once_for_all_names_of_a_line(command, proxy, place):
    command(place.root, "index")
    names = [word for name in (place.root.name, "other", "another") for word in ("--repository", name)]
    assert command(place.root, "redis", "acl", "--role", "searcher", *names).startswith("user searcher ")
    assert proxy.turns <= LISTED


def test_status_and_doctor_wait_a_few_times(command, proxy, place, tmp_path):
    command(place.root, "index")
    assert "60" in command(place.root, "status")
    assert proxy.turns <= STATUS
    assert json.loads(command(place.root, "status", "--json"))["files"] == 60
    (place.root / "src/widget3.py").write_text(widget(3) + "\n\nMORE = 1\n")
    assert "1 file behind" in command(place.root, "status")
    assert proxy.turns <= STATUS
    assert "redis speed" in command(place.root, "doctor")
    assert proxy.turns <= DOCTOR


def test_copies_of_a_text_are_no_reason_to_ask_once_more(command, proxy, make_repo):
    place = make_repo("copies")
    place.commit({f"tests/case{number}.py": "class Widget(Base):\n    colour: int\n" for number in range(25)})
    place.commit({f"src/widget{number}.py": widget(number) for number in range(20)})
    command(place.root, "index")
    assert "Widget" in command(place.root, "search", "class Widget")
    assert proxy.turns <= COLD


@pytest.fixture
def several(make_repo, proxy, tmp_path):
    """Some repositories, each with a word of its own."""
    count = 8
    settings = Settings(store=proxy.url, data_dir=tmp_path / "data")
    for number in range(count):
        made = make_repo(f"repository{number}")
        made.commit({f"only{number}.py": f"def only{number}(stream):\n    return stream.reopen({number})\n"})
        with wherein.open_index(made.root, settings=settings) as index:
            index.update(processes=0)
    return count


def test_all_repositories_are_searched_and_listed_by_as_few(command, proxy, several, tmp_path):
    found = command(tmp_path, "search", "--all-repos", "reopen a stream", "-n", "20")
    assert proxy.turns <= EVERYWHERE
    assert proxy.connections == 1
    assert all(f"only{number}.py" in found for number in range(several))
    listed = command(tmp_path, "repo", "list")
    assert proxy.turns <= LISTED
    assert len(listed.splitlines()) >= several


def test_with_a_deep_tier_all_repositories_are_searched_by_no_more(
    command, proxy, several, tmp_path, httpserver
):
    model = EmbeddingServer(httpserver)
    deep = Settings(
        store=proxy.url, data_dir=tmp_path / "data", deep_model="endpoint:counts", deep_endpoint=model.url
    )
    for index in open_stored(deep):
        with index:
            index.deepen()
    more = {"WHEREIN_DEEP_MODEL": "endpoint:counts", "WHEREIN_DEEP_ENDPOINT": model.url}
    words = "search", "--all-repos", "reopen a stream", "--explain-score"
    for number in ("10", "3"):
        assert " deep" in command(tmp_path, *words, "-n", number, more=more)
        assert proxy.turns <= EVERYWHERE
    assert " deep" not in command(tmp_path, *words)


def test_who_may_only_read_waits_no_longer(server, command, proxy, place, several, tmp_path):
    from wherein.store.redis.roles.acl import line, rules

    command(place.root, "index", "--view", "main")
    with server.client() as admin:
        admin.execute_command(
            "ACL", "SETUSER", *line("ada", "secret", rules("searcher", tenant="default")).split()[1:]
        )
    url = proxy.url.replace("//", "//ada:secret@")
    command(place.root, "search", "--view", "main", QUERIES[0], url=url)
    assert proxy.turns <= COLD
    command(
        place.root, "search", QUERIES[0], url=url
    )  # hears that it may not write, and which views others keep
    assert proxy.turns <= COLD + 2
    assert proxy.connections == 2
    (place.root / "src/more.py").write_text("MORE = 1\n")  # the clone's files are not those of the branch
    for _ in range(2):
        command(place.root, "search", QUERIES[0], url=url)
        assert proxy.turns <= COLD + 2
    command(tmp_path, "search", "--all-repos", "reopen a stream", url=url)
    assert proxy.turns <= EVERYWHERE


def test_who_may_only_read_a_folder_is_sent_its_chunks_once(server, command, proxy, make_repo, tmp_path):
    """Where the clone has other files elsewhere, and files in which nothing is to be found."""
    from wherein.store.redis.roles.acl import line, rules

    place = make_repo("widgets")
    files = {f"src/f{number % 20}/widget{number}.py": widget(number) for number in range(400)}
    place.commit(files | {f"src/f{number}/__init__.py": "" for number in range(20)})
    command(place.root, "index", "--view", "main")
    with server.client() as admin:
        admin.execute_command(
            "ACL", "SETUSER", *line("ada", "secret", rules("searcher", tenant="default")).split()[1:]
        )
    url = proxy.url.replace("//", "//ada:secret@")
    (place.root / "more.py").write_text("MORE = 1\n")
    command(place.root, "search", QUERIES[0], url=url)
    everywhere = proxy.down
    for data in ("data", "another's"):  # that of who indexed, which has the view's tree, and one without it
        more = {"WHEREIN_DATA_DIR": str(tmp_path / data)}
        words = ("search", "--path", "src/f3/", QUERIES[0])
        assert "widget" in command(place.root, *words, url=url, more=more)
        assert proxy.turns <= COLD + 2
        assert proxy.down <= everywhere
