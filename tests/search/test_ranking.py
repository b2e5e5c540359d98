"""Ranking, seen from outside: small projects, searched through the public API."""

from dataclasses import replace
from textwrap import dedent

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.profile import term_hash


@pytest.fixture
def project(tmp_path):
    """Builds a plain folder of the given files and opens its index."""
    opened = []

    def build(files: dict[str, str]) -> wherein.Index:
        root = tmp_path / "project"
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), "utf-8")
        index = wherein.open_index(root, settings=replace(Settings(), data_dir=tmp_path / "data"))
        opened.append(index)
        index.update()
        return index

    yield build
    for index in opened:
        index.close()


HTTP = {
    "app/auth.py": '''
        """Who may do what."""

        def check_token(request, store):
            """Refuse requests whose token is unknown or expired."""
            token = store.find(request.headers.get("Authorization"))
            if token is None or token.expired:
                return Response(status=401, body="authentication failed")
            return None

        def hash_password(password, salt):
            return scrypt(password, salt=salt)
        ''',
    "app/redirects.py": '''
        def follow(session, response):
            """Follow redirects; a 303 turns the next request into a GET."""
            while response.status in (301, 302, 303, 307, 308):
                method = "GET" if response.status == 303 else response.request.method
                response = session.send(method, response.headers["Location"])
            return response
        ''',
    "app/models.py": """
        class Session:
            timeout = 30

            def close(self):
                self.pool.clear()

        class SessionPool:
            def clear(self):
                for session in self.sessions:
                    session.close()
        """,
    "tests/test_auth.py": """
        def test_an_expired_token_is_refused_with_401():
            response = check_token(request, store)
            assert response.status == 401, "authentication failed"
        """,
}


def names(hits: list[wherein.Hit]) -> list[str]:
    return [hit.qualified_name for hit in hits]


def test_the_function_that_does_it_comes_first(project):
    index = project(HTTP)
    found = index.search("find the function that handles authentication errors and returns a 401")
    assert found[0].symbol == "check_token"
    assert index.search("where are redirects followed after a 303")[0].symbol == "follow"


def test_a_number_does_not_outweigh_the_words(project):
    table = "CODES = {\n" + "".join(f"    {n}: 'status {n}',\n" for n in range(300, 309)) + "}\n"
    other = "def merge(a, b):\n    return a | b\n"
    index = project(
        HTTP | {"app/codes.py": table} | {f"app/other{i}.py": other + f"X = {i}\n" for i in range(9)}
    )
    assert index.search("where are redirects followed after a 304")[0].symbol == "follow"


def test_a_function_answers_where_something_is_done_before_its_class_does(project):
    body = '    """Retry a request when the connection was lost."""\n'
    index = project(
        {
            "client.py": f"class RetryPolicy:\n{body}    connection_lost = True\n    limit = 3\n",
            "send.py": f"def again(request, connection):\n{body}    return connection.send(request)\n",
        }
    )
    assert index.search("where is a request retried when the connection was lost")[0].symbol == "again"


def test_two_words_find_the_name_they_make_together(project):
    index = project(
        {
            "a.py": "def lazyload(module):\n    return Proxy(module)\n",
            "b.py": "def start(loader):\n    loader.go()\n    return loader\n",
        }
    )
    assert index.search("lazy load of modules")[0].symbol == "lazyload"


def test_a_word_that_is_nowhere_finds_nothing_though_its_hash_is_that_of_one_that_is_there(project):
    alike = "fzrfbfpk"
    assert term_hash(alike) == term_hash("redirect")
    index = project(HTTP)
    assert index.search(alike) == []
    assert index.search(f"{alike} token")[0].path == "app/auth.py"


def test_a_name_finds_its_definition_before_what_mentions_it(project):
    assert names(project(HTTP).search("Session"))[0] == "Session"
    assert names(project(HTTP).search("SessionPool.clear"))[0] == "SessionPool.clear"


def test_a_name_is_found_in_any_style(project):
    assert project(HTTP).search("checkToken")[0].symbol == "check_token"
    assert project(HTTP).search("hashPassword()")[0].symbol == "hash_password"


def test_tests_come_after_code_unless_the_query_asks_for_them(project):
    index = project(HTTP)
    paths = [hit.path for hit in index.search("refuse requests whose token is unknown or expired")]
    assert paths.index("app/auth.py") < paths.index("tests/test_auth.py")
    assert index.search("test that an expired token is refused")[0].path == "tests/test_auth.py"


def test_the_name_of_a_file_counts(project):
    body = "def run(value):\n    return value + 1\n"
    index = project({"parser.py": body.replace("1", "2"), "printer.py": body})
    assert index.search("how the printer works")[0].path == "printer.py"


def test_a_file_among_others_of_the_subject_comes_before_one_that_only_mentions_it(project):
    def body(name: str) -> str:
        return f"def {name}(invoice):\n    return tax_rate(invoice) * invoice.total\n"

    alike = {"alpha/one.py": body("one"), "omega/two.py": body("two")}
    taxes = {
        f"omega/t{i}.py": f"def tax_{i}(invoice):\n    return {i} * tax_rate(invoice)\n" for i in range(3)
    }
    others = {f"alpha/o{i}.py": f"def other_{i}(order):\n    return {i} * weight(order)\n" for i in range(3)}
    index = project(alike | taxes | others)

    silent = replace(index._settings, search=replace(index._settings.search, ranking={"folders": 0.0}))
    with wherein.open_index(index.root, settings=silent) as without:
        for asked, best in ((index, "omega/two.py"), (without, "alpha/one.py")):
            paths = [hit.path for hit in asked.search("tax rate of an invoice")]
            assert next(path for path in paths if path in alike) == best


def test_copies_of_one_text_are_shown_once(project):
    body = "def reverse_words(text):\n    return ' '.join(reversed(text.split()))\n"
    index = project({"a.py": body, "b/c.py": body, "d.py": body + "\n\n"})
    assert len(index.search("reverse words")) == 1


def test_the_parts_of_a_score_sum_to_it(project):
    for hit in project(HTTP).search("authentication token expired"):
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-4)


def test_hits_come_in_the_order_of_their_scores(project):
    scores = [hit.score for hit in project(HTTP).search("session token response")]
    assert scores == sorted(scores, reverse=True)


def test_a_setting_can_silence_a_ranking_step(project, tmp_path):
    index = project(HTTP)
    silent = replace(index._settings, search=replace(index._settings.search, ranking={"semantic": 0.0}))
    with wherein.open_index(tmp_path / "project", settings=silent) as other:
        assert all("semantic" not in hit.parts for hit in other.search("token expired"))


def test_a_quoted_phrase_must_stand_in_the_hit(project):
    index = project(HTTP)
    assert {hit.path for hit in index.search('"authentication failed"')} == {
        "app/auth.py",
        "tests/test_auth.py",
    }
    without = index.search('session "no such words"')
    assert [hit.path for hit in without] == [hit.path for hit in index.search("session no such words")]


@pytest.mark.parametrize("query", ["zzz qqq", "photosynthesis of plants", "xylophone"])
def test_what_is_nowhere_is_not_found(project, query):
    assert (
        project({"greet.py": 'def greet(name):\n    """Say hello."""\n    return name\n'}).search(query) == []
    )


@pytest.mark.parametrize("mode", ["lexical", "semantic", "hybrid"])
def test_every_mode_finds_the_obvious(project, mode):
    assert project(HTTP).search("follow redirects", mode=mode)[0].symbol == "follow"


def test_blank_lines_around_a_chunk_are_not_shown(project):
    for hit in project(HTTP).search("session token response"):
        lines = hit.text.split("\n")
        assert lines[0].strip()
        assert lines[-1].strip()
        assert len(lines) == hit.end_line - hit.start_line + 1


def test_related_code_is_found_from_a_line(project):
    index = project(
        HTTP | {"app/tokens.py": "def token_expired(token, now):\n    return token.expires < now\n"}
    )
    hits = index.related("app/auth.py", 6)
    assert hits
    assert ("app/auth.py", "check_token") not in {(hit.path, hit.symbol) for hit in hits}
    with pytest.raises(wherein.ConfigError, match="not in the index"):
        index.related("nowhere.py", 1)


def test_a_word_that_stands_nowhere_tells_by_its_synonyms(project):
    index = project(
        {
            "disk.py": "def delete(path):\n    path.unlink()\n\n\ndef measure(path):\n    return path.stat().st_size\n",
            "text.py": "def measure_text(text):\n    return len(text.split())\n",
        }
    )
    assert index.search("erase what is there", mode="lexical")[0].symbol == "delete"


def test_a_made_up_word_is_found_first_wherever_it_stands(project):
    """In a comment, a string and a body; everything else is longer, and nearer in meaning to something."""
    filler = {
        f"lib/part{i}.py": "".join(
            f'def helper_{i}_{n}(value):\n    """Look the value up in a table."""\n    return TABLE[value]\n\n'
            for n in range(6)
        )
        for i in range(12)
    }
    index = project(
        HTTP
        | filler
        | {
            "tests/test_odd.py": "def test_it():\n    # see zqxjkv\n    assert True\n",
            "docs/deep/down/here/notes.md": '# Notes\n\nSome say "vuxqip".\n',
            "app/tiny.py": "def f(x):\n    return x + kwepzo\n",
        }
    )
    for word, path in [
        ("zqxjkv", "tests/test_odd.py"),
        ("vuxqip", "docs/deep/down/here/notes.md"),
        ("kwepzo", "app/tiny.py"),
    ]:
        hits = index.search(word)
        assert hits[0].path == path, word
        assert hits[0].score == pytest.approx(sum(hits[0].parts.values()), abs=1e-4)
        assert all(hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-4) for hit in hits)


def test_all_that_hold_a_rare_word_come_before_what_is_like_it(project):
    uses = "".join(f"def use_{i}(box):\n    return box.fold_gently({i})\n\n" for i in range(4))
    index = project(
        {
            "fold.py": "def fold_gently(box):\n    return box\n",
            "test/uses.py": uses,
            **{f"near{i}.py": f"def fold_box_{i}(gently):\n    return gently\n" for i in range(9)},
        }
    )
    assert [hit.path for hit in index.search("fold_gently")[:5]] == ["fold.py"] + ["test/uses.py"] * 4


def test_the_order_of_indexing_changes_no_answer(tmp_path):
    """Many chunks are equal but for their place; the ids that they get differ from one index to the next."""
    files = {
        f"{'abc'[i % 3]}/part{i:03}.py": f"def open_{i % 7}(path):\n    return read(path, {i % 5})\n\nLIMIT = {i % 4}\n"
        for i in range(240)
    }
    answers = []
    for name, parts in [("once", 1), ("backwards", 5)]:
        root = tmp_path / name / "project"
        paths = sorted(files, reverse=parts > 1)
        with wherein.open_index(_made(root), settings=replace(Settings(), data_dir=tmp_path / name)) as index:
            for part in range(parts):
                for path in paths[part::parts]:
                    file = root / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(files[path], "utf-8")
                index.update()
            queries = (
                "open",
                "where is a path read",
                "LIMIT",
                "open_3",
                "how reading works",
                "part open path",
            )
            answers.append(
                [
                    [(hit.path, hit.start_line, hit.score) for hit in index.search(query, limit=30)]
                    for query in queries
                ]
            )
    assert answers[0] == answers[1]


def _made(folder):
    folder.mkdir(parents=True)
    return folder


def _step(i: int) -> str:
    return f"    value_{i} = convert(value_{i - 1}, table[{i}], strict=False, fallback=None)\n"


LONG = "def settle_account(value_0, table):\n" + "".join(map(_step, range(1, 160))) + "    return value_159\n"
OVERLOADS = """
    class Account {
        // Settles the account in full.
        void settleAccount(int amount) { pay(amount); settle(amount); check(); }

        // Settles the account by instalments.
        void settleAccount(int amount, int months) { split(amount, months); settle(amount); check(); }
    }
"""


def test_a_definition_that_was_cut_is_one_hit(project):
    index = project({"long.py": LONG, "other.py": "def settle(account):\n    return account.settle()\n"})
    assert len([chunk for chunk in index.chunks("long.py") if chunk.symbol == "settle_account"]) > 1
    for query in ("settle_account", "settle the account"):
        assert [hit.symbol for hit in index.search(query)].count("settle_account") == 1


def test_a_phrase_is_found_in_whichever_part_of_a_definition_holds_it(project):
    index = project({"long.py": LONG})
    for phrase in ("table[3], strict", "table[150], strict"):
        (hit,) = index.search(f'"{phrase}"')
        assert phrase in hit.text


def test_overloads_are_hits_of_their_own(project):
    index = project({"Account.java": OVERLOADS})
    found = {hit.start_line for hit in index.search("settleAccount") if hit.symbol == "settleAccount"}
    assert len(found) == 2


NAMED = {
    "src/Values.java": """
        package shop;

        /**
         * Prices of things.
         *
         * <p>Values are made by a shop.
         */
        public class Values {
            private final int[] prices;

            public Values(int[] prices) {
                this.prices = prices;
                check(prices);
            }

            public Values(int first, int second) {
                this(new int[] {first, second});
            }

            public int sum() {
                int sum = 0;
                for (int price : prices) sum += price;
                return sum;
            }
        }
        """,
    "src/Shop.java": """
        package shop;

        public class Shop {
            public Values values() {
                Values values = new Values(this.prices);
                log(values, values.sum());
                return values;
            }
        }
        """,
    "src/cursor.cpp": """
        #include "cursor.hpp"

        Cursor::Cursor(Node* node) : node_(node) { cursor_count++; }

        void cursor_reset(Cursor& cursor) { cursor = Cursor(nullptr); }
        """,
    "src/cursor.hpp": """
        class Cursor {
        public:
            explicit Cursor(Node* node);
            Node* node() const;
        private:
            Node* node_;
        };
        """,
}


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("Values", "class", "Values"),
        ("values", "method", "Shop.values"),
        ("Shop", "class", "Shop"),
        ("Cursor", "class", "Cursor"),
        ("cursor_reset", "function", "cursor_reset"),
        ("Values.Values", "constructor", "Values.Values"),
        ("cursorReset", "function", "cursor_reset"),
    ],
)
def test_a_name_finds_what_is_spelled_just_so_and_a_class_before_its_constructors(project, query, kind, name):
    best = project(NAMED).search(query)[0]
    assert (best.kind, best.qualified_name) == (kind, name)


def test_what_people_say_of_code_outvotes_no_word_that_stands_in_it(project):
    """`send` has both words of the question, though it does nothing of the kind; it would come first if "follow", which
    is rarer here, told as much as "redirect"."""
    index = project(
        {
            "sessions.py": '''
            def resolve_redirects(response, request):
                """Take each location in turn."""
                while location := redirect_target(response):
                    request = rebuilt(request, location)
                    response = yield request

            def send(request, **options):
                for name, value in sorted(options.items()):
                    request.set(name, value)
                began = clock()
                adapter = adapter_for(request.url)
                answer = adapter.send(request, timeout=options.get("timeout"), verify=options.get("verify"))
                answer.elapsed = clock() - began
                for hook in request.hooks:
                    answer = hook(answer) or answer
                if options.get("redirect"):
                    # the hooks that follow see the last answer
                    answer = last(answer, request)
                keep(answer.cookies)
                return answer

            def redirect_target(response):
                return response.headers.get("location") if response.is_redirect else None

            def rebuilt(request, location):
                return request.copy(url=location)
            ''',
            "units.py": "".join(f"def unit_{n}(value):\n    return value * {n}\n\n" for n in range(40)),
        }
    )
    for question in ("where are redirects followed", "where do we follow redirects"):
        assert set(names(index.search(question))[:2]) == {"resolve_redirects", "redirect_target"}


def test_a_method_is_found_by_what_its_class_is_called(project):
    """Neither method says what it reads: their classes do."""
    body = """
            def read(self, line):
                mark, _, rest = line.partition(" ")
                return self.blocks.get(mark, self.plain)(rest)
        """
    index = project(
        {
            "readers.py": f"""
        class DokuWiki:
            {body.strip()}

        class Textile:
            {body.strip()}

        class Markdown:
            {body.strip()}
            """
        }
    )
    for kind, class_ in (("textile", "Textile"), ("doku wiki", "DokuWiki")):
        best = next(iter(index.search(f"where is a line of {kind} read")))
        assert best.qualified_name == f"{class_}.read"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("which handler gets a failure", "_handle_failed_request"),
        ("where is the report written", "write_report"),
        ("how is the subscription to a topic made", "subscribe_to"),
    ],
)
def test_a_word_is_found_in_its_other_forms(project, question, name):
    others = "".join(f"def unit_{n}(value):\n    return value * {n}\n\n" for n in range(20))
    index = project(
        {
            "work.py": """
            def _handle_failed_request(request, exception):
                return request.answer(500, str(exception))

            def raise_limit(request):
                request.limit += 1

            def write_report(rows, place):
                place.put(rows)

            def report_rows(place):
                return place.get()

            def subscribe_to(topic, who):
                topic.add(who)

            def topic_names(who):
                return sorted(who)
            """,
            "units.py": others,
        }
    )
    assert names(index.search(question))[0] == name
