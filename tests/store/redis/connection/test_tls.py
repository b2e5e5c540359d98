"""TLS with a real chain of certificates, client certificates included."""

import pytest

from redis_servers import free_port, wait_until
from wherein import ConfigError, StoreUnreachable
from wherein.store.redis.connection.failures import explain


@pytest.fixture
def tls_port(certificates, start_redis):
    port = free_port()
    start_redis(tls_port=port, **{k.replace("-", "_"): v for k, v in certificates.settings.items()})
    return port


def test_a_client_with_a_certificate_that_trusts_the_authority_gets_in(certificates, tls_port, ask):
    query = f"ca={certificates.authority}&cert={certificates.client}&key={certificates.client}"
    assert ask(f"rediss://localhost:{tls_port}?{query}")
    assert ask(f"rediss://127.0.0.1:{tls_port}?{query}")


def test_everybody_else_is_told_why_not(certificates, tls_port, ask):
    def refusal(url):
        with pytest.raises(StoreUnreachable) as caught:
            ask(url)
        return caught.value.message

    mine = f"cert={certificates.client}&key={certificates.client}"
    trusting = f"ca={certificates.authority}"
    strange = f"cert={certificates.stranger}&key={certificates.stranger}"
    assert "not trusted" in refusal(f"rediss://localhost:{tls_port}?{mine}")
    assert "certificate of yours" in refusal(f"rediss://localhost:{tls_port}?{trusting}")
    assert "does not trust the one" in refusal(f"rediss://localhost:{tls_port}?{trusting}&{strange}")
    assert "TLS" in refusal(f"redis://localhost:{tls_port}") or "closed" in refusal(
        f"redis://localhost:{tls_port}"
    )


def test_a_port_without_tls_is_told(redis_server, ask):
    with pytest.raises(StoreUnreachable, match="No connection"):
        ask(f"rediss://127.0.0.1:{redis_server.port}?timeout=0.5")


def test_a_certificate_of_another_host_is_not_trusted(certificates, start_redis, ask):
    port = free_port()
    settings = {k.replace("-", "_"): v for k, v in certificates.settings.items()}
    settings |= {"tls_cert_file": str(certificates.client), "tls_key_file": str(certificates.client)}
    start_redis(tls_port=port, **settings)
    with pytest.raises(StoreUnreachable, match="for another name"):
        ask(
            f"rediss://localhost:{port}?ca={certificates.authority}&cert={certificates.client}&key={certificates.client}"
        )


def test_files_that_hold_no_certificate_are_told(certificates, tls_port, ask, tmp_path):
    (tmp_path / "empty.pem").write_text("nothing\n")
    for query in (
        f"ca={tmp_path / 'empty.pem'}",
        f"ca={certificates.authority}&cert={tmp_path / 'empty.pem'}",
    ):
        with pytest.raises(ConfigError, match="holds none that can be read"):
            ask(f"rediss://localhost:{tls_port}?{query}")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [  # of OpenSSL 3.0 to 3.5, as Python gives them
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1029)", "does not speak TLS"),
        ("[SSL: RECORD_LAYER_FAILURE] record layer failure (_ssl.c:1029)", "does not speak TLS"),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] ssl/tls alert handshake failure (_ssl.c:1029)", "of yours"),
        ("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] ssl/tls alert bad certificate (_ssl.c:1029)", "of yours"),
        (
            "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2650)",
            "of yours",
        ),
        ("[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:2650)", "of yours"),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1)",
            "has expired",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, ce (_ssl.c:1)",
            "name",
        ),
        ("[SSL: NO_PROTOCOLS_AVAILABLE] no protocols available (_ssl.c:1029)", "in common"),
        ("[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4346)", "holds none"),
        ("[SSL] PEM lib (_ssl.c:4114)", "holds none"),
    ],
)
def test_the_words_of_every_openssl_are_understood(words, sentence):
    error = explain(ConnectionError(f"Error 1 connecting to localhost:6379. {words}."), "rediss://localhost")
    assert sentence in error.message


def test_a_cluster_over_tls(certificates, start_redis, ask):
    port = free_port()
    settings = {k.replace("-", "_"): v for k, v in certificates.settings.items()}
    node = start_redis(tls_port=port, cluster_enabled="yes", tls_cluster="yes", **settings)
    with node.client() as admin:
        admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)
        wait_until(lambda: admin.execute_command("CLUSTER INFO")["cluster_state"] == "ok", within=20)
    query = f"ca={certificates.authority}&cert={certificates.client}&key={certificates.client}"
    url = f"rediss+cluster://localhost:{port}?{query}"
    assert ask(url, "SET", "a", "1", key="a")
    assert ask(url, "GET", "a", key="a") == b"1"
    with pytest.raises(StoreUnreachable, match="not trusted"):
        ask(url.replace(f"ca={certificates.authority}&", ""), "GET", "a", key="a")
