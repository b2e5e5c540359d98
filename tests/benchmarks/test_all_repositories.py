"""Questions asked of several repositories, scored on homes of known answers."""

import subprocess


def test_the_right_answer_is_that_of_the_right_repository(home, benchmark, tmp_path):
    beside = tmp_path / "beside" / "twin"
    (beside / "lib").mkdir(parents=True)
    (beside / "lib" / "redirects.py").write_text("def follow_redirect(response, more):\n    return more\n")
    subprocess.run(["git", "-C", beside, "init", "-q"], check=True)
    _, (report,) = benchmark("all_repositories.py", home, "--beside", tmp_path / "beside")
    assert (report["store"], report["repositories"]) == ("embedded", 2)
    (found,) = report["homes"].values()
    assert found["questions"] == 3
    assert found["ways"]["its own repository alone"]["first"] == 1
    assert found["ways"]["all together"]["hit10"] == 1
