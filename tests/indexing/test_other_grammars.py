"""A grammar that is installed in another version cuts its own files anew, and no others."""

import json

import pytest

from installed_command import run_command, variables


@pytest.fixture
def command(repo, tmp_path):
    """command(*arguments, also=FOLDER): what the installed command says as JSON, with a folder of packages before."""

    def run(*arguments, also=None):
        environment = variables(WHEREIN_DATA_DIR=str(tmp_path / "data"))
        if also is not None:
            environment["PYTHONPATH"] = str(also)
        done = run_command(*arguments, "--json", folder=repo.root, environment=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_just_the_files_of_its_language_are_cut_anew(repo, command, tmp_path):
    repo.commit(
        {
            "a.py": "def alpha(): ...\n",
            "b.go": "package b\n\nfunc Beta() {}\n",
            "c.html": "<script>function gamma() {}</script>\n",
            "d.md": "# Delta\n",
            "e.toml": "[epsilon]\n",
        }
    )
    other = tmp_path / "other"
    (other / "tree_sitter_python-0.0.7.dist-info").mkdir(parents=True)
    assert command("index")["report"]["files_embedded"] == 5
    assert command("index")["report"]["files_embedded"] == 0
    assert (
        command("index", also=other)["report"]["files_embedded"] == 2
    )  # a.py, and what may hold code of any language
    assert command("index", also=other)["report"]["files_embedded"] == 0
    assert [hit["path"] for hit in command("search", "alpha", also=other)["results"]][:1] == ["a.py"]
    assert command("index")["report"]["files_embedded"] == 0, "what was cut before is still there"
