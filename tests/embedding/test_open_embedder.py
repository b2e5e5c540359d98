import pytest

from wherein.embedding.open import list_models, open_embedder
from wherein.errors import ConfigError


@pytest.mark.parametrize("name", [None, "", "builtin"])
def test_the_packaged_model_is_the_default(name):
    assert open_embedder(name).model_id.startswith("wherein-static-")


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "../secret", "BUILTIN "])
def test_an_unknown_model_is_named_in_the_error(name):
    with pytest.raises(ConfigError) as caught:
        open_embedder(name)
    assert repr(name) in str(caught.value)
    assert "model list" in caught.value.remedy


def test_the_list_tells_what_can_be_opened():
    (model,) = list_models()
    opened = open_embedder(model.name)
    assert (opened.model_id, opened.dimension) == (model.id, model.dimension)
    assert model.licence == "Apache-2.0"
    assert 1_000_000 < model.bytes <= 8_000_000
    assert (model.folder / "vectors.npy").is_file()
