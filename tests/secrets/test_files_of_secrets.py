import subprocess

import pytest

from wherein.git.open import open_source
from wherein.git.source import SourceSettings
from wherein.secrets.files import holds_secrets, secret_names
from wherein.skips import SkipReason

HELD = """
    .env web/.env.production .env.local prod.env id_rsa keys/id_ed25519 ID_RSA .netrc _netrc .git-credentials .pgpass
    .htpasswd home/.aws/credentials x/.kube/config .docker/config.json .azure/msal.json .gnupg/a.key
    gcloud/application_default_credentials.json .bash_history .zsh_history .python_history .psql_history
    release.keystore cert.p12 office.ovpn infra/terraform.tfstate
    .netrc.bak id_rsa.old .env~ .pgpass.orig.1 .aws/credentials.save .vault_pass rails/config/master.key
    #.env# web/#id_rsa# .histfile .history .ghc/ghci_history .config/nushell/history.txt .zsh_sessions/a.history
    .local/state/zsh/history .bash_sessions/a.historynew .mongosh/mongosh_repl_history
    .smbcredentials .dev.vars .dockerconfigjson .ivy2/.credentials .secrets etc/shadow- etc/ppp/chap-secrets
    etc/postfix/sasl_passwd etc/krb5.keytab etc/NetworkManager/system-connections/a.nmconnection keyrings/login.keyring
    .config/git/credentials .oci/config .fly/config.yml .config/hcloud/cli.toml .codex/auth.json
    .cache/huggingface/token
    .supabase/access-token .pulumi/credentials.json .config/goose/secrets.yaml
    .share/opencode/auth.json .gemini/oauth_creds.json
    .claude/history.jsonl .codex/history.jsonl .aider.chat.history.md .aider.input.history
    .nomad-token .dev.vars.production
    .config/containers/auth.json .config/filezilla/sitemanager.xml .subversion/auth/svn.simple/0a1b .Xauthority
"""
FREE = """
    .env.example .env.sample web/.env.template example.env id_rsa.pub id_mapping.py environment.py .envrc config.json
    .env.example.bak a.py.orig notes.bak
    history/a.py .history/a.py auth.json src/secrets.toml secrets.py credentials.json config.yml hosts.json a.keys # ##
    history.jsonl claude/history.md secrets.yaml access-token.md token password.txt
    history.py shell_history.go docs/credentials.md kube/config.go aws/credentials.py netrc.py
"""


@pytest.mark.parametrize("path", HELD.split())
def test_a_name_of_keys_and_credentials_is_known(path):
    assert secret_names().because(path)


@pytest.mark.parametrize("path", FREE.split())
def test_a_name_of_code_and_examples_is_none(path):
    assert not secret_names().because(path)


def test_a_private_key_is_known_by_what_is_in_it(pem, by_chance):
    certificate = pem().replace("RSA PRIVATE KEY", "CERTIFICATE")
    assert holds_secrets("deploy/server", pem())
    assert holds_secrets("chain.pem", certificate * 3 + pem())
    assert holds_secrets(
        "key", f"-----BEGIN PRIVATE KEY-----\n{by_chance(64, 'base64')}\n-----END PRIVATE KEY-----\n"
    )
    assert not holds_secrets("cert.pem", certificate)
    assert not holds_secrets("test_tls.py", "def test(): pass\n" * 400 + pem())


def test_configurations_are_known_by_the_credentials_in_them(by_chance, pem):
    secret = by_chance(36)
    assert holds_secrets(".npmrc", f"//host/:_authToken=npm_{secret}\n")
    assert not holds_secrets(".npmrc", "//host/:_authToken=${NPM_TOKEN}\nsave-exact=true\n")
    assert holds_secrets(".pypirc", f"[pypi]\nusername = __token__\npassword = {secret}\n")
    assert holds_secrets(".curlrc", '--user "me:hunter22"\n')
    assert not holds_secrets(".curlrc", "user-agent = me\nsilent\n")
    for name in ("token", "deploy/api_key.txt", ".password", "vault-password"):
        assert holds_secrets(name, f"{secret}7\n")
        assert not holds_secrets(name, "def token():\n    return 7\n")
        assert not holds_secrets(name, "placeholder\n")
    account = '{"type": "service_account", "private_key": "' + pem("").replace("\n", "\\n") + '"}'
    assert holds_secrets("account.json", account)
    assert not holds_secrets("package.json", '{"type": "module", "private": true}')
    told = f'"accessToken": "{secret}", "expiresAt": "2026-01-01T00:00:00Z"'
    assert holds_secrets(".aws/sso/cache/0a1b.json", f'{{"startUrl": "https://a", {told}}}')
    assert not holds_secrets("en.json", '{"accessToken": "Access token"}')


def test_keys_that_are_no_pem_are_known_too(by_chance):
    key = by_chance(86, "base64")
    assert holds_secrets("k", f"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: a\n{key}\n")
    assert holds_secrets("a.key", f"untrusted comment: minisign encrypted secret key\n{key}\n")
    assert not holds_secrets("a.pub", f"untrusted comment: minisign public key 0A\n{key}\n")
    assert holds_secrets("nix.secret", f"cache.example.org-1:{key}==\n")
    assert holds_secrets("k.json", f'{{"kty": "EC", "crv": "P-256", "x": "{key}", "d": "{key[:43]}"}}')
    assert not holds_secrets("k.json", f'{{"kty": "EC", "crv": "P-256", "x": "{key}", "y": "{key}"}}')
    assert holds_secrets("k.xml", f"<RSAKeyValue><Modulus>{key}</Modulus><D>{key}</D></RSAKeyValue>")
    assert not holds_secrets("k.xml", f"<RSAKeyValue><Modulus>{key}</Modulus></RSAKeyValue>")
    assert not holds_secrets("test_keys.py", f'KEY = """\n---- BEGIN SSH2 PRIVATE KEY ----\n{key}\n"""\n')


@pytest.fixture
def folder(tmp_path, pem):
    folder = tmp_path / "plain"
    (folder / "deep").mkdir(parents=True)
    (folder / ".env").write_text("A=1\n")
    (folder / "deep" / "id_rsa").write_text(pem())
    (folder / ".whereinignore").write_text("!.env\n!id_rsa\n")
    (folder / ".wherein.toml").write_text("[index]\ninclude_secrets = true\nmask_secrets = false\n")
    (folder / "a.py").write_text("def alpha(): pass\n")
    return folder


def test_a_folder_leaves_them_out_whatever_is_said_in_it(folder):
    listing = open_source(folder).listing()
    assert {path for path, reason in listing.skipped.items() if reason is SkipReason.SECRET} == {
        ".env",
        "deep/id_rsa",
    }
    assert "secret" in open_source(folder).explain(".env").sentence


def test_a_worktree_and_a_ref_leave_them_out_and_the_user_can_have_them(folder, only_our_configuration):
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    for ref in (None, "HEAD"):
        listing = open_source(folder, ref=ref).listing()
        assert listing.skipped[".env"] is listing.skipped["deep/id_rsa"] is SkipReason.SECRET
        wanted = open_source(folder, ref=ref, settings=SourceSettings(include_secrets=True)).listing()
        assert {".env", "deep/id_rsa"} <= set(wanted.files)
