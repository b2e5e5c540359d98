"""Which server and which model are asked."""

import asyncio

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from wherein.endpoint.loopback import is_loopback
from wherein.errors import EndpointUnreachable
from wherein_server.explain.endpoint.choose import choose
from wherein_server.explain.endpoint.discover import PORTS, discover
from wherein_server.explain.endpoint.failures import (
    AccessDenied,
    ModelMissing,
    NoEndpoint,
    NotUnderstood,
    Stalled,
)
from wherein_server.explain.endpoint.listing import Model


@pytest.fixture(scope="module")
def kept_servers():
    """Servers of tests that are over: stopping one takes half a second."""
    kept: list[HTTPServer] = []
    yield kept
    for server in kept:
        server.stop()


@pytest.fixture
def servers(kept_servers):
    """servers(*models): a further server on loopback that lists them; a dict is an entry as it is listed."""
    started: list[HTTPServer] = []

    def start(*models: str | dict, status: int = 200, body: object = None) -> HTTPServer:
        if kept_servers:
            server = kept_servers.pop()
        else:
            server = HTTPServer(host="127.0.0.1", port=0)
            server.start()
        started.append(server)
        entries = [model if isinstance(model, dict) else {"id": model} for model in models]
        document = {"object": "list", "data": entries} if body is None else body
        server.expect_request("/v1/models").respond_with_json(document, status=status)
        return server

    yield start
    for server in started:
        server.clear()
    kept_servers.extend(started)


def found(settings, *servers: HTTPServer, closed: tuple[int, ...] = ()):
    ports = (*closed, *(server.port for server in servers))
    return asyncio.run(discover(settings, ports=ports))


def test_ports_are_tried_in_the_order_of_what_most_people_run():
    assert PORTS == (11434, 9931, 8080, 1234, 8000)


def test_the_first_server_that_answers_is_taken(servers, settings_for):
    first, second = servers("mistral"), servers("devstral")
    endpoint = found(settings_for(), first, second, closed=(1,))
    assert (endpoint.base_url, endpoint.model) == (
        first.url_for("/v1"),
        "mistral",
    ) or endpoint.model == "mistral"
    assert str(first.port) in endpoint.base_url


def test_what_is_no_such_server_is_passed_over(servers, settings_for):
    website = HTTPServer(host="127.0.0.1", port=0)
    website.start()
    website.expect_request("/v1/models").respond_with_data("<html>hello</html>", content_type="text/html")
    try:
        endpoint = found(settings_for(), website, servers("mistral"))
    finally:
        website.stop()
    assert endpoint.model == "mistral"


def test_no_server_at_all_says_how_to_start_one(settings_for):
    with pytest.raises(NoEndpoint) as caught:
        found(settings_for(), closed=(1, 2))
    assert "ports 1, 2" in caught.value.message
    assert "ollama run mistral" in caught.value.remedy
    assert "llama-server" in caught.value.remedy


def test_the_configured_server_is_the_only_one_asked(servers, settings_for):
    other, configured = servers("devstral"), servers("mistral")
    endpoint = found(
        settings_for(base_url=configured.url_for("/v1").replace("localhost", "127.0.0.1")), other
    )
    assert endpoint.model == "mistral"
    assert other.log == []


def test_a_configured_url_may_lack_its_v1(servers, settings_for):
    endpoint = found(settings_for(base_url=servers("mistral").url_for("").rstrip("/")))
    assert endpoint.base_url.endswith("/v1")


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        (("llama3", "mistral:7b", "devstral:24b", "codestral:22b"), "devstral:24b"),
        (("Mistral-Small-3.2-24B.Q4_K_M.gguf", "qwen3"), "Mistral-Small-3.2-24B.Q4_K_M.gguf"),
        (("mistralai/Ministral-8B-Instruct",), "mistralai/Ministral-8B-Instruct"),
        (("mistral", "mistral_nemo"), "mistral_nemo"),
        (("nomic-embed-text", "gemma3"), "gemma3"),
        (("mistral-embed", "bge-m3"), None),
        (("devstral-2:123b-cloud", "gpt-oss:120b-cloud"), None),
        (("devstral-2:cloud", "llama3"), "llama3"),
        (("llama3", "qwen2.5-coder:7b"), "qwen2.5-coder:7b"),
        ((), None),
    ],
)
def test_the_best_local_model_that_writes_is_chosen(models, chosen):
    model = choose([Model(name) for name in models])
    assert (model.name if model else None) == chosen


def test_a_server_with_nothing_but_cloud_models_is_not_used_unasked(servers, settings_for):
    server = servers("devstral-2:123b-cloud")
    with pytest.raises(ModelMissing) as caught:
        found(settings_for(), server)
    assert "there is devstral-2:123b-cloud" in caught.value.message
    assert "only when llm.model names it" in caught.value.remedy
    assert found(settings_for(model="devstral-2:123b-cloud"), server).model == "devstral-2:123b-cloud"


def test_a_cloud_model_under_a_harmless_name_is_told_by_ollama(servers, settings_for):
    server = servers("devstral", "mistral")
    tags = [{"name": "devstral", "remote_host": "https://ollama.com"}, {"name": "mistral"}]
    server.expect_request("/api/tags").respond_with_json({"models": tags})
    server.expect_request("/api/ps").respond_with_json(
        {"models": [{"name": "mistral", "context_length": 8192}]}
    )
    endpoint = found(settings_for(), server)
    assert (endpoint.model, endpoint.window) == ("mistral", 8192)


def test_lm_studio_tells_windows_and_what_a_model_is_for(servers, settings_for):
    server = servers("devstral", "mistral")
    told = [
        {"id": "devstral", "type": "embeddings"},
        {"id": "mistral", "type": "llm", "loaded_context_length": 6000},
    ]
    server.expect_request("/api/v0/models").respond_with_json({"data": told})
    endpoint = found(settings_for(), server)
    assert (endpoint.model, endpoint.window) == ("mistral", 6000)


@pytest.mark.parametrize(
    ("entry", "window"),
    [
        ({"meta": {"n_ctx": 4096}}, 4096),
        ({"max_model_len": 32768}, 32768),
        ({"max_context_length": 131072}, 131072),
        ({"meta": None}, None),
        ({"max_model_len": "big"}, None),
    ],
)
def test_the_window_is_read_where_servers_tell_it(servers, settings_for, entry, window):
    assert found(settings_for(), servers({"id": "mistral", **entry})).window == window


def test_a_configured_window_counts_more(servers, settings_for):
    server = servers({"id": "mistral", "meta": {"n_ctx": 4096}})
    assert found(settings_for(context_tokens=2048), server).window == 2048


def test_an_unknown_window_is_taken_for_a_small_one(servers, settings_for):
    endpoint = found(settings_for(max_tokens=1024), servers("mistral"))
    assert endpoint.prompt_tokens + endpoint.max_tokens == 4096


def test_a_long_window_is_not_filled(servers, settings_for):
    endpoint = found(settings_for(), servers({"id": "mistral", "max_model_len": 262_144}))
    assert endpoint.prompt_tokens == 8_000


def test_a_configured_model_is_looked_for_on_every_server(servers, settings_for):
    endpoint = found(settings_for(model="codestral"), servers("mistral"), servers("codestral:22b"))
    assert endpoint.model == "codestral:22b"
    with pytest.raises(ModelMissing, match="no model nowhere; there is mistral"):
        found(settings_for(model="nowhere"), servers("mistral"))


def test_a_server_that_lists_nothing_may_still_be_configured_with_a_model(servers, settings_for):
    server = servers(status=404, body={"detail": "Not Found"})
    url = server.url_for("/v1")
    assert found(settings_for(base_url=url, model="mistral")).model == "mistral"
    with pytest.raises(ModelMissing):
        found(settings_for(base_url=url))


@pytest.mark.parametrize(
    ("document", "status", "error"),
    [
        ({"error": {"message": "Invalid API key"}}, 401, AccessDenied),
        ({"data": "none"}, 200, NotUnderstood),
        ([], 200, ModelMissing),
        ({"data": []}, 200, ModelMissing),
        ({"data": [{"name": "x"}, 7, {"id": 3}]}, 200, ModelMissing),
        ("text", 200, NotUnderstood),
        ({"error": "boom"}, 500, EndpointUnreachable),
    ],
)
def test_every_answer_to_the_first_question_is_one_sentence(servers, settings_for, document, status, error):
    server = servers(status=status, body=document)
    with pytest.raises(error) as caught:
        found(settings_for(base_url=server.url_for("/v1")))
    assert caught.value.message.endswith((".", "…"))


def test_a_server_that_loads_its_model_is_waited_for(servers, settings_for):
    server = HTTPServer(host="127.0.0.1", port=0)
    server.start()
    loading = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}
    server.expect_ordered_request("/v1/models").respond_with_json(loading, status=503)
    server.expect_ordered_request("/v1/models").respond_with_json(
        {"data": [{"id": "m", "max_model_len": 9_999}]}
    )
    try:
        assert found(settings_for(base_url=server.url_for("/v1"))).model == "m"
    finally:
        server.stop()


def test_a_server_that_takes_connections_and_says_nothing_is_not_waited_for(settings_for):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(Stalled):
            found(settings_for(), closed=(silent.getsockname()[1],))


def test_what_speaks_another_protocol_is_not_understood(settings_for):
    import socket
    import threading

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(NotUnderstood):
            found(settings_for(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1"))
        thread.join()


def test_offline_allows_this_machine_alone(servers, settings_for):
    server = servers("mistral")
    assert found(settings_for(offline=True, base_url=server.url_for("/v1"))).model == "mistral"
    with pytest.raises(NoEndpoint, match="is not on this machine"):
        found(settings_for(offline=True, base_url="https://api.example.org/v1"))


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://127.3.2.1/v1", True),
        ("http://localhost:11434", True),
        ("http://[::1]:8080/v1", True),
        ("http://api.localhost/v1", True),
        ("http://192.168.1.5:8080/v1", False),
        ("http://0.0.0.0:8080/v1", False),
        ("https://api.mistral.ai/v1", False),
        ("http://localhost.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_this_machine_is_told_from_others_by_the_address(url, here):
    assert is_loopback(url) is here


def test_the_key_goes_to_the_configured_server_alone(servers, settings_for):
    configured, other = servers("mistral"), servers("mistral")
    found(settings_for(base_url=configured.url_for("/v1"), api_key="sesame"))
    found(settings_for(api_key="sesame"), other)
    assert configured.log[0][0].headers["Authorization"] == "Bearer sesame"
    assert "Authorization" not in other.log[0][0].headers


def test_redirects_are_not_followed(servers, settings_for):
    elsewhere = servers("mistral")
    server = HTTPServer(host="127.0.0.1", port=0)
    server.start()
    server.expect_request("/v1/models").respond_with_response(
        Response(status=307, headers={"Location": elsewhere.url_for("/v1/models")})
    )
    try:
        with pytest.raises(NotUnderstood, match="redirects elsewhere"):
            found(settings_for(base_url=server.url_for("/v1")))
    finally:
        server.stop()
    assert elsewhere.log == []


def test_proxies_of_the_environment_never_see_this_machine_s_traffic(servers, settings_for, monkeypatch):
    proxy = servers()
    monkeypatch.setenv("HTTP_PROXY", proxy.url_for("/"))
    monkeypatch.setenv("http_proxy", proxy.url_for("/"))
    assert found(settings_for(), servers("mistral")).model == "mistral"
    assert proxy.log == []


def test_a_huge_listing_is_not_read_to_its_end(servers, settings_for):
    server = servers(body={"data": [{"id": "x" * 2_000_000}]})
    with pytest.raises(NotUnderstood):
        found(settings_for(base_url=server.url_for("/v1")))
