import pytest

from wherein.evaluation.messages import long_question_of, question_of


@pytest.mark.parametrize(
    ("subject", "question"),
    [
        ("Follow redirects of a POST as a GET (#1234)", "Follow redirects of a POST as a GET"),
        (
            "fix(auth)!: keep the netrc password on redirects, closes #12",
            "keep the netrc password on redirects",
        ),
        ("[parser] refuse an empty header name", "refuse an empty header name"),
        ("http: refuse an empty header name", "http: refuse an empty header name"),
        ("Retry 3 times where the server is busy", "Retry 3 times where the server is busy"),
    ],
)
def test_a_subject_asks_in_its_own_words(subject, question):
    assert question_of(subject) == question


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "v2.3.1",
        "Bump urllib3 from 1.0 to 2.0 in setup",
        "docs: say how redirects are followed here",
        "Merge branch 'main' into the other one",
        "Fix a typo in the session's comments",
        "Fix the build",
        "a " * 400,
        "(" * 5000,
    ],
)
def test_what_asks_for_no_place_is_no_question(subject):
    assert question_of(subject) == ""


def test_a_long_message_is_asked_without_its_trailers():
    body = "When the server answers 303, the method has to become GET.\n" * 8
    trailers = "\n\nFixes #12\nSigned-off-by: Ada <ada@example.org>\nChange-Id: 1f"
    asked = long_question_of(f"Follow redirects\n\n{body}{trailers}\n")
    assert asked.startswith("Follow redirects\n\nWhen")
    assert asked.endswith("become GET.")
    assert long_question_of(f"Follow redirects{trailers}") == ""
    assert long_question_of(f"Bump urllib3\n\n{body}") == ""
    assert long_question_of("x" * 30_000) == ""
