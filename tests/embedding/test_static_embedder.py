import hashlib
import shutil
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from wherein import tokens
from wherein.embedding.static import BLOCK, PACKAGED, StaticEmbedder, read_card
from wherein.errors import ConfigError


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def similarity(embedder: StaticEmbedder, one: str, other: str) -> float:
    first, second = embedder.embed([tokens.words(one), tokens.words(other)])
    return float(first @ second)


def test_rows_have_length_one(embedder):
    embedded = embedder.embed([["get", "http", "response"], ["a"], ["parse"] * 500])
    assert embedded.shape == (3, embedder.dimension)
    assert embedded.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embedded, axis=1), 1, rtol=1e-5)


def test_a_text_without_a_known_word_is_all_zero(embedder):
    embedded = embedder.embed([[], ["\U0001f600"], ["file"]])
    assert not embedded[:2].any()
    assert embedded[2].any()


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_only_empty_texts_are_embedded_as_zeros(embedder):
    assert not embedder.embed([[]] * (BLOCK + 1)).any()


def test_a_text_is_embedded_alike_alone_and_among_others(embedder):
    texts = [[f"word{n % 7}", "file", *["open"] * (n % 5)] for n in range(3 * BLOCK + 1)]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_text_is_the_sum_of_its_pieces_by_the_root_of_their_counts(embedder):
    vectors = np.load(PACKAGED / "vectors.npy") * np.load(PACKAGED / "scales.npy")[:, np.newaxis]
    vocabulary = (PACKAGED / "vocabulary.txt").read_text("utf-8").split()
    expected = 2 * vectors[vocabulary.index("file")] + vectors[vocabulary.index("lock")]
    embedded = embedder.embed([["file", "lock", "file", "file", "file"]])[0]
    np.testing.assert_allclose(embedded, expected / np.linalg.norm(expected), atol=1e-5)


@pytest.mark.parametrize(
    ("query", "fitting", "other"),
    [
        (
            "delete a file",
            "def remove_path(path): os.unlink(path)",
            "def parse_date(text): return strptime(text)",
        ),
        (
            "encrypt the password",
            "hashedSecret = cipher.encode(credentials)",
            "for row in table.rows: draw(row)",
        ),
        ("http request timeout", "class ResponseDeadline: seconds_to_wait", "def matrix_transpose(m): ..."),
        ("sort the list", "items.order_by(key, ascending=True)", "socket.connect((host, port))"),
    ],
)
def test_what_means_the_same_is_closer_than_what_does_not(embedder, query, fitting, other):
    assert similarity(embedder, query, fitting) > similarity(embedder, query, other) + 0.05


def test_the_style_of_an_identifier_does_not_matter(embedder):
    assert similarity(embedder, "parseHTTPResponse", "parse_http_response") == pytest.approx(1, abs=1e-5)


def test_the_card_tells_what_the_files_are():
    card = tomllib.loads((PACKAGED / "model.toml").read_text("utf-8"))
    hashes = {name: hashlib.sha256((PACKAGED / name).read_bytes()).hexdigest() for name in card["outputs"]}
    assert hashes == card["outputs"]
    assert set(hashes) == {"vectors.npy", "scales.npy", "vocabulary.txt"}
    digest = hashlib.sha256("".join(hashes[name] for name in sorted(hashes)).encode()).hexdigest()
    assert card["model"]["id"].endswith(f"-{card['model']['dimension']}@{digest[:8]}")
    assert np.load(PACKAGED / "vectors.npy", mmap_mode="r").shape == (
        card["model"]["vocabulary"],
        card["model"]["dimension"],
    )


def test_the_shipped_model_is_at_most_eight_megabytes():
    assert sum(file.stat().st_size for file in PACKAGED.iterdir()) <= 8_000_000


def test_embedding_needs_no_library_but_numpy():
    script = (
        "import sys; from wherein.embedding.open import open_embedder; open_embedder().embed([['file']]); "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {
        "torch",
        "tokenizers",
        "transformers",
        "model2vec",
        "huggingface_hub",
        "scipy",
        "json",
    }


@pytest.mark.parametrize("name", ["model.toml", "vectors.npy", "scales.npy", "vocabulary.txt"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "empty", "foreign"])
def test_a_damaged_model_is_refused_in_one_sentence(tmp_path, name, damage):
    folder = tmp_path / "model"
    shutil.copytree(PACKAGED, folder)
    file = folder / name
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(
            {"truncated": content[: len(content) // 2], "empty": b"", "foreign": b"\xff\x00"}[damage]
        )
    with pytest.raises(ConfigError, match="embedding model") as caught:
        StaticEmbedder(folder)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_card_can_be_read_without_the_model(tmp_path):
    shutil.copy(PACKAGED / "model.toml", tmp_path)
    assert read_card(tmp_path) == read_card(PACKAGED)
