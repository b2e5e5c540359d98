"""From settings to the deep tier's embedder."""

import pytest

from embedding_server import EmbeddingServer
from wherein.config import Settings, load_settings
from wherein.embedding.open import open_text_embedder
from wherein.errors import ConfigError, ConsentMissing, EndpointUnreachable


def settings_from(text, tmp_path, **environ):
    (tmp_path / "config.toml").write_text(text)
    return load_settings(
        None,
        None,
        {"WHEREIN_CONFIG": str(tmp_path / "config.toml"), "WHEREIN_DATA_DIR": str(tmp_path / "d"), **environ},
    )


def test_without_a_setting_there_is_none(tmp_path):
    assert open_text_embedder(Settings()) is None
    off = settings_from('deep_model = "endpoint:x"', tmp_path, WHEREIN_DEEP_MODEL="none")
    assert off.deep_model is None
    assert open_text_embedder(off) is None


@pytest.mark.parametrize("name", ["endpoint:", "endpoint", "ENDPOINT:x", "builtin", "../x", "gpt"])
def test_what_is_no_deep_model_is_named(name):
    with pytest.raises(ConfigError, match="no deep model") as caught:
        open_text_embedder(Settings(deep_model=name))
    assert repr(name) in caught.value.message


def test_the_users_own_file_and_environment_name_a_server_its_model_and_key(tmp_path, httpserver):
    server = EmbeddingServer(httpserver)
    url = server.url.removesuffix("/v1")  # may be left out
    text = f'deep_model = "endpoint:nomic-embed-text"\ndeep_endpoint = "{url}"\ndeep_dimension = 32\ndeep_price = 1.5\n'
    settings = settings_from(text, tmp_path, WHEREIN_EMBEDDING_API_KEY="sesame")
    embedder = open_text_embedder(settings)
    assert embedder is not None
    assert embedder.query("x").shape == (1, 32)
    assert server.authorizations[-1] == "Bearer sesame"
    assert server.asked[-1]["model"] == "nomic-embed-text"
    assert server.texts[-1] == "search_query: x"


def test_a_repository_s_file_sets_none_of_it_and_no_file_a_key(tmp_path):
    (tmp_path / ".wherein.toml").write_text(
        'deep_model = "endpoint:x"\ndeep_endpoint = "http://evil.example/v1"\ndeep_consent = "http://evil.example/v1"\n'
        'deep_api_key = "x"\ndeep_query_prefix = "x"\n'
    )
    settings = load_settings(tmp_path, None, {"WHEREIN_CONFIG": str(tmp_path / "none")})
    assert (settings.deep_model, settings.deep_endpoint, settings.deep_consent) == (None, None, None)
    assert settings.deep_api_key is None
    assert len(settings.warnings) == 5
    with pytest.raises(ConfigError, match="from the environment only") as caught:
        settings_from('deep_api_key = "sesame"', tmp_path)
    assert "WHEREIN_EMBEDDING_API_KEY" in caught.value.remedy
    assert "sesame" not in str(caught.value)


def test_code_leaves_the_machine_only_where_its_user_said_so_of_that_very_server(tmp_path):
    text = 'deep_model = "endpoint:x"\ndeep_endpoint = "https://me:sesame@embed.invalid/v1"\n'
    for consent in ("", 'deep_consent = "https://other.invalid/v1"\n'):
        with pytest.raises(ConsentMissing, match="the text of every file") as caught:
            open_text_embedder(settings_from(text + consent, tmp_path))
        assert "wherein model use endpoint:x" in caught.value.remedy
        assert "sesame" not in str(caught.value)
    agreed = text + 'deep_consent = "https://me:sesame@embed.invalid/v1"\n'
    with pytest.raises(EndpointUnreachable, match="it is not used offline"):
        open_text_embedder(settings_from(agreed, tmp_path, WHEREIN_OFFLINE="1"))
    with pytest.raises(EndpointUnreachable, match="Nothing answers at"):
        open_text_embedder(settings_from(agreed, tmp_path, https_proxy="", HTTPS_PROXY=""))
