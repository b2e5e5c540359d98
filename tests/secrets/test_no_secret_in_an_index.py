"""What a store holds, and what goes to a model, of a repository with secrets in it."""

import pytest

import wherein
from installed_command import run_command, variables
from wherein.config.load import load_settings


@pytest.fixture
def project(repo, by_chance, pem):
    """A repository, and the secrets in it."""
    token, password, key = f"ghp_{by_chance(36)}", by_chance(24), pem()
    repo.commit(
        {
            "deploy.py": f'TOKEN = "{token}"\n\n\ndef deploy():\n    """Deploy it."""\n    return login("{token}")\n',
            "conf/app.yml": f"database:\n  password: {password}\n  host: db\n",
            "tls/server.pem": key,
            ".env": f"TOKEN={token}\n",
            "notes.md": f"# Notes\n\nKey:\n\n```\n{key}```\n"
            + "Many words of prose stand here as well.\n" * 60,
        }
    )
    return repo, [token, password, key.split("\n")[3]]


@pytest.fixture(params=["sqlite", "redis"])
def store(request, tmp_path):
    return (
        f"sqlite://{tmp_path / 'store'}"
        if request.param == "sqlite"
        else request.getfixturevalue("redis_url")
    )


def test_nothing_of_a_secret_is_stored_or_found(project, store):
    repo, secrets = project
    with wherein.open_index(repo.root, store=store) as index:
        index.update()
        reasons = {path: reason for path, reason in index.skipped().items() if reason == "secret"}
        assert reasons == {".env": "secret", "tls/server.pem": "secret"}
        assert "secret" in index.why("tls/server.pem")
        texts = "\n".join(hit.text for path in index.files() for hit in index.chunks(path))
        assert texts.count("\n") > 60
        assert not [secret for secret in secrets if secret[-20:] in texts]
        assert 'TOKEN = "' + "*" * 40 + '"' in texts
        assert index.definition("deploy.py", 6).start_line == 4
        assert "*" * 40 in index.definition("deploy.py", 5).text
        hits = index.search(f"deploy with the token {secrets[0]}")
        assert hits
        assert not [secret for secret in secrets if any(secret[-20:] in hit.text for hit in hits)]


def test_the_user_may_want_them_and_a_project_may_not(project, monkeypatch, tmp_path):
    repo, secrets = project
    repo.write(".wherein.toml", "[index]\ninclude_secrets = true\nmask_secrets = false\n")
    settings = load_settings(repo.root)
    assert not settings.index.include_secrets
    assert settings.index.mask_secrets
    assert len(settings.warnings) == 2
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(tmp_path / "data"))
    own = tmp_path / "own.toml"
    own.write_text("[index]\ninclude_secrets = true\nmask_secrets = false\n")
    with wherein.open_index(repo.root) as index:
        index.update()
        assert "tls/server.pem" not in index.files()
    monkeypatch.setenv("WHEREIN_CONFIG", str(own))
    with wherein.open_index(repo.root) as index:
        index.update()
        assert {".env", "tls/server.pem"} <= set(index.files())
        assert secrets[0] in index.chunks(".env")[0].text


def test_no_secret_goes_to_a_model_or_beside_a_hit(project, tmp_path):
    repo, secrets = project
    environment = variables(WHEREIN_DATA_DIR=str(tmp_path / "data"))
    for words in (["ask", "--show-prompt", "deploy", "token"], ["search", "deploy", "-C", "50"]):
        done = run_command(*words, folder=repo.root, environment=environment)
        assert done.returncode == 0, done.stderr
        assert "*" * 40 in done.stdout
        assert not [secret for secret in secrets if secret[-20:] in done.stdout]


def test_doctor_lists_where_they_are_and_never_what(project, tmp_path):
    repo, secrets = project

    def doctor(*words):
        words = ("doctor", "--secrets", *words, "--repo", str(repo.root))
        return run_command(*words, folder=repo.root, environment=variables())

    done = doctor()
    assert done.returncode == 0
    assert done.stdout.split("\n")[:-1] == [
        ".env: credentials-file",
        "conf/app.yml:2: assigned-password",
        "deploy.py:1: github-token",
        "deploy.py:6: github-token",
        "notes.md:7: private-key",
        "tls/server.pem: credentials-file",
    ]
    assert '"line": 6' in doctor("--json").stdout
    assert not [secret for secret in secrets if secret in done.stdout + doctor("--json").stdout]
    repo.git("rm", "-rq", "--cached", ".")
    repo.write(".gitignore", "*\n")
    assert doctor().returncode == 1
