"""TLS with a real chain of certificates, client certificates included."""

import pytest

from redis_servers import free_port
from wherein import StoreUnreachable


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
    with pytest.raises(StoreUnreachable, match="not trusted"):
        ask(
            f"rediss://localhost:{port}?ca={certificates.authority}&cert={certificates.client}&key={certificates.client}"
        )
