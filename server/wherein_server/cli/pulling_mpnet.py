"""`wherein model pull mpnet`: what is printed while it is fetched and made."""

from wherein.config.settings import Settings
from wherein.embedding.names import MPNET
from wherein.embedding.onnx.folder import UnusableModel, bytes_in, read_folder
from wherein.embedding.onnx.mpnet.open import place_of
from wherein.embedding.onnx.mpnet.pull import pull
from wherein.embedding.onnx.mpnet.recipe import read_recipe
from wherein.embedding.onnx.runtime import is_installed
from wherein.extras import install_command
from wherein.packages.pip_settings import pip_settings
from wherein.redaction import shown_url
from wherein_server.cli.bar import Bar
from wherein_server.cli.options import Common
from wherein_server.cli.wording import size

MEGABYTE = 1_000_000


def pull_mpnet(common: Common, settings: Settings) -> None:
    """Bring the model here, unless it is here whole."""
    place = place_of(settings.data_dir)
    try:
        read_folder(place)
        told = f"{MPNET} is here already"
    except UnusableModel:
        _fetch(common, settings)
        told = f"{MPNET} is here"
    took = size(bytes_in(place))
    common.screen.line(f"{told} ({took}). Use it with `wherein model use {MPNET}`.")
    if not is_installed():
        common.screen.note(f"The packages that run it are not installed yet: {install_command('deep')}")


def _fetch(common: Common, settings: Settings) -> None:
    wanted, packages = read_recipe(), pip_settings()
    places = ", ".join(map(shown_url, packages.indexes)) or "the folders that pip is configured with"
    common.screen.note(f"Fetching {size(wanted.fetched)} from {places}, as pip is configured.")
    with Bar(common.screen, "Fetching", "MB") as bar:

        def show(have: int, of: int) -> None:
            done, total = have // MEGABYTE, of // MEGABYTE
            bar.move(done, total, f"Fetching: {done:,} of {total:,} MB.")

        pull(settings.data_dir, wanted, packages, show)
