"""`wherein evaluate`: questions out of a repository's commits or of a file, and an earlier run to compare with."""

import json
import sys

import pytest

SUBJECTS = [
    "Give up after {} redirects in a circle",
    "Send the cookies of request number {} back",
    "Encode the password for scheme {} as UTF-8",
    "Refuse a header number {} with a line end",
]


@pytest.fixture
def grown(repo, wherein):
    """A repository in which each of many functions is changed once by a commit that says why."""
    names = [f"step_{number}" for number in range(16)]
    bodies = {name: f"def {name}(value):\n    return value + {at}\n" for at, name in enumerate(names)}

    def save(*arguments):
        repo.write("src/steps.py", "\n\n".join(bodies.values()))
        repo.git("add", "--all")
        repo.git("commit", "--quiet", *arguments)

    save("-m", "Begin")
    for at, name in enumerate(names):
        bodies[name] = bodies[name].replace("return value", f"return {at} * value")
        bodies[name] += "# longer\n" * (at % 3)
        save("-m", f"{name.replace('_', ' ')}: {SUBJECTS[at % 4].format(at)}")
    return repo


def test_a_repository_is_measured_by_its_own_history_and_keeps_no_view_of_it(wherein, grown, tmp_path):
    wherein("index")
    saved = tmp_path / "before.json"
    answer = wherein("evaluate", "--save", str(saved), "--misses")
    assert answer.code == 0, answer.err
    assert "13 questions to the files of commit" in answer.err
    assert answer.lines[0].split()[:3] == ["mode", "NDCG@10", "hit@1"]
    assert [line.split()[0] for line in answer.lines[1:4]] == ["hybrid", "lexical", "semantic"]
    data = json.loads(saved.read_text())
    first = data["questions"][0]
    assert first["any_of"] is True
    assert first["answers"][0][0] == "src/steps.py"
    assert len(data["results"][0]["scores"]) == 13
    views = wherein("repo", "views", "--json").json["views"]
    assert [view["view"].partition(":")[0] for view in views] == ["worktree"]

    again = wherein("evaluate", "--baseline", str(saved), "--mode", "hybrid", "--json")
    assert again.code == 0
    assert again.json["evaluation"]["commit"] == data["commit"]
    difference = again.json["against"]["hybrid"]
    assert (difference["ndcg"], difference["questions"], difference["worse"]) == (0, 13, False)


def test_answers_that_were_better_before_are_an_exit_code(wherein, grown, tmp_path):
    saved = tmp_path / "before.json"
    wherein("evaluate", "--save", str(saved), "--mode", "semantic")
    data = json.loads(saved.read_text())
    worse = [[0, 0.0] for _ in data["questions"]]
    best = [[1, 1.0] for _ in data["questions"]]
    assert data["results"][0]["scores"] not in (worse, best)
    for scores, code, word in ((best, 1, "worse"), (worse, 0, "better")):
        data["results"][0]["scores"] = scores
        saved.write_text(json.dumps(data))
        answer = wherein("evaluate", "--baseline", str(saved), "--mode", "semantic")
        assert (answer.code, answer.lines[-1].rsplit(": ", 1)[1]) == (code, word)


def test_questions_of_ones_own_are_asked_of_the_files_on_disk(wherein, repo, tmp_path):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"query": "follow redirects", "answers": [{"symbol": "Session.resolve_redirects"}]}\n\n'
        '{"query": "\\u001b[31m nowhere said", "answers": ["gone.py"]}\n'
        '{"query": "find things in the storage", "answers": [{"symbol": "Gone.\\u001b[31m"}]}\n'
    )
    answer = wherein("evaluate", str(questions), "--mode", "hybrid", "--misses")
    assert answer.code == 0
    assert answer.lines[1].split()[:5] == ["hybrid", "0.333", "0.333", "0.333", "0.333"]
    assert "gone.py" in answer.lines[-2]
    assert "Gone." in answer.lines[-1]
    assert "\x1b" not in answer.out + answer.err


def test_a_question_in_which_nothing_can_be_looked_for_finds_nothing_wherever_it_stands(
    wherein, repo, tmp_path
):
    asked = [
        '{"query": "???", "answers": ["a.py"]}',
        '{"query": "Session", "answers": [{"symbol": "Session"}]}',
    ]
    for order in (asked, asked[::-1]):
        questions = tmp_path / "questions.jsonl"
        questions.write_text("\n".join(order))
        answer = wherein("evaluate", str(questions), "--mode", "hybrid")
        assert answer.code == 0, answer.err
        assert answer.lines[1].split()[:2] == ["hybrid", "0.500"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "has no questions"),
        ("nonsense\n", "1: this is not JSON"),
        ('{"query": "a", "answers": ["b"]}\n[1]\n', "2: this is not a JSON object"),
        ('{"query": " ", "answers": ["b"]}', '"query" is missing'),
        ('{"query": "a", "answers": []}', '"answers" is missing'),
        ('{"query": "a", "answers": [["b", 9, 3]]}', "an answer must be"),
        ('{"query": "a", "answers": [{"path": 3}]}', "an answer must be"),
        ("[" * 100_000, "1: this is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_questions_is_told_with_its_line(
    wherein, repo, tmp_path, content, sentence
):
    questions = tmp_path / "questions.jsonl"
    questions.write_bytes(content if isinstance(content, bytes) else content.encode())
    answer = wherein("evaluate", str(questions))
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err


def test_no_history_no_repository_no_baseline_and_no_room_are_sentences(wherein, repo, tmp_path):
    few = wherein("evaluate")
    assert few.code == 2
    assert "fewer than 10 say nothing" in few.err
    assert "wherein evaluate QUERIES.jsonl" in few.err
    (tmp_path / "plain").mkdir()
    assert "is not in a git repository" in wherein("evaluate", cwd=tmp_path / "plain").err
    for content in ("{}", "[]", "nonsense", '{"format": 1, "commit": 3, "questions": [], "results": []}'):
        (tmp_path / "b.json").write_text(content)
        bad = wherein("evaluate", "--baseline", str(tmp_path / "b.json"))
        assert (bad.code, bad.out) == (2, "")
        assert "is not a baseline from wherein evaluate" in bad.err
    (tmp_path / "q.jsonl").write_text('{"query": "follow redirects", "answers": ["src/courier/session.py"]}')
    unwritten = wherein("evaluate", str(tmp_path / "q.jsonl"), "--save", str(tmp_path / "no" / "b.json"))
    assert unwritten.code == 2
    assert "cannot be written" in unwritten.err


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_an_earlier_run_stays_where_there_is_no_room_for_the_new_one(indexed, tmp_path):
    saved = tmp_path / "before.json"
    saved.write_text("an earlier run")
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"query": "follow redirects", "answers": ["models.py"]}\n' * 300)
    import resource

    limit = (resource.RLIMIT_FSIZE, (20_000, 20_000))
    answer = indexed(
        "evaluate", str(questions), "--mode", "lexical", "--save", str(saved),
        preexec_fn=lambda: resource.setrlimit(*limit),
    )  # fmt: skip
    assert (answer.code, "cannot be written" in answer.err) == (2, True), answer
    assert saved.read_text() == "an earlier run"
