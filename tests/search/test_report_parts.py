"""A long text is taken apart: prose, code, errors, and what tells nothing."""

from wherein.search.report_parts import parts_of

ISSUE = """Cookies are lost
<!-- Please fill in
all of the form -->
### Describe the bug

A `Jar` forgets them, see https://forge.example/a/b/issues/12 and mail bob@example.org about jar.py

**To Reproduce**
```python
jar = Jar()
jar.write("setup.cfg")
```

    jar.read()

- a list
    that goes on
ValueError: no cookie

## Environment
- OS: Plan 9
- Python: 3.99

## Notes
- [x] I have searched
It worked before.

Signed-off-by: Bob <bob@example.org>
"""


def test_prose_is_without_what_forms_and_machines_add():
    prose = parts_of(ISSUE).prose
    for kept in ("Cookies are lost", "forgets them", "a list", "goes on", "It worked before."):
        assert kept in prose
    for left in (
        "fill in",
        "Describe",
        "Reproduce",
        "forge.example",
        "bob",
        "jar =",
        "Plan",
        "3.99",
        "searched",
        "Signed",
    ):
        assert left not in prose


def test_code_is_what_is_fenced_or_indented_behind_a_blank_line():
    code = parts_of(ISSUE).code
    assert code.split() == ["jar", "=", "Jar()", 'jar.write("setup.cfg")', "jar.read()"]


def test_errors_and_files_are_found_wherever_they_stand():
    parts = parts_of(ISSUE)
    assert parts.errors == "ValueError: no cookie"
    assert {"jar.py", "setup.cfg"} <= parts.files


def test_a_fence_that_is_never_closed_and_a_comment_that_never_ends_lose_only_themselves():
    assert parts_of("Title\n```\nx = 1\n").code == "x = 1\n"
    assert parts_of("Title\n<!-- and so on\nand on").prose.strip() == "Title"
    assert parts_of("").prose == ""


def test_behind_a_version_that_has_no_heading_after_it_sentences_are_read_again():
    told = "Version:\n1.2 on Plan 9\n\nWhen the jar is opened twice, it forgets all of them.\nOnce is fine."
    assert "Plan" not in parts_of(f"Title\n{told}").prose
    assert parts_of(f"Title\n{told}").prose.endswith("forgets all of them.\nOnce is fine.")
