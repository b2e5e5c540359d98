"""Who calls whom and what a file defines, on the command line."""


def test_callers_are_lines_with_calls_and_json_says_which(indexed):
    answer = indexed("callers", "Session.send")
    assert answer.lines == [
        "src/courier/session.py:35:29: Session.resolve_redirects  response = self.send(request)"
    ]
    document = indexed("callers", "src/courier/session.py:20", "--json").json
    (result,) = document["results"]
    assert result["call"] == {"name": "send", "path": "src/courier/session.py", "line": 35}
    assert result["of"]["qualified_name"] == "Session.send"
    assert document["index"]["complete"] is True


def test_callees_are_definitions_in_the_repository(indexed):
    answer = indexed("callees", "Session.send", "--format", "vimgrep")
    assert answer.lines == [
        "src/courier/session.py:38:9:    def _transport(self, request: Request) -> Response:"
    ]


def test_no_calls_are_an_exit_code_and_an_unknown_name_a_sentence(indexed):
    assert (indexed("callers", "basic_auth_header").code, indexed("callees", "logo.png:1").code) == (1, 2)
    answer = indexed("callers", "nowhere_defined")
    assert (answer.code, answer.out) == (1, "")
    assert "Nothing in the index defines nowhere_defined." in answer.err
    assert indexed("callees", "../elsewhere.py:1").code == 2


def test_the_outline_of_a_file_from_a_folder_below_and_of_a_branch(wherein, repo):
    wherein("index", "--view", "main")
    answer = wherein("outline", "courier/session.py", cwd=repo.root / "src")
    assert answer.lines[0].startswith("courier/session.py:5:1: REDIRECTS  ")
    assert "courier/session.py:15:9: Session.__init__  def __init__" in answer.out
    repo.write("cmd/main.go", "package main\n")
    document = wherein("outline", "cmd/main.go", "--view", "main", "--json").json
    assert [each["symbol"] for each in document["results"]] == ["printVersion", "main"]
    assert wherein("outline", "cmd/main.go").code == 1


def test_the_outline_of_a_folder_or_of_nothing_says_what_to_name(indexed):
    for path, sentence in (("src", "is a folder"), ("gone.py", "is not in the index")):
        answer = indexed("outline", path)
        assert answer.code == 2
        assert sentence in answer.err
        assert "Try: " in answer.err
