"""Chooses the deep tier's model: tries it out, asks for consent, writes it down, and says so."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace

from wherein.config import values
from wherein.config.locations import user_config_file
from wherein.config.settings import Settings
from wherein.config.write import change_user_file
from wherein.deepening.fill import together
from wherein.embedding import model_history
from wherein.embedding.endpoint.embedder import ModelChanged
from wherein.embedding.model_history import KEYS
from wherein.embedding.names import BUILTIN, DEEP, MPNET
from wherein.embedding.open import open_text_embedder
from wherein.embedding.several import models_of
from wherein.embedding.texts import TextEmbedder
from wherein.errors import ConfigError, ConsentMissing
from wherein.extras import install_command
from wherein_server.cli.agree import agreed
from wherein_server.cli.options import Common

NONE = "none"

BACK = "`wherein model rollback` goes back."

TRIED = "where is the configuration read"
"""The question that a model is tried out with."""


def choose(
    common: Common, settings: Settings, name: str, *, endpoint: str | None, dimension: int | None, yes: bool
) -> None:
    """`wherein model use`."""
    if name in (NONE, BUILTIN):
        _write(common, settings, replace(settings, deep_model=None))
        _say_none(common, settings)
        return
    wanted = replace(settings, deep_model=name)
    if endpoint is not None:
        try:
            wanted = replace(wanted, deep_endpoint=values.url(endpoint))
        except ValueError as error:
            raise ConfigError(f"--endpoint {error}.") from None
    if dimension is not None or settings.deep_model not in (None, name):
        wanted = replace(wanted, deep_dimension=dimension)  # another model's dimension means nothing
    wanted = _agreed_to(wanted, yes=yes)
    embedders, seconds = _tried_out(wanted)
    _write(common, settings, wanted)
    _say(common, settings, wanted, embedders, seconds)


def go_back(common: Common, settings: Settings) -> None:
    """`wherein model rollback`."""
    kept = model_history.last(settings.data_dir, {key: getattr(settings, key) for key in KEYS})
    if kept is None:
        raise ConfigError(
            "No other model was used before: there is nothing to go back to.", remedy="wherein model list"
        )
    wanted = replace(settings, **{key: kept[key] for key in KEYS})  # type: ignore[arg-type]
    if wanted.deep_model is None:
        _write(common, settings, wanted, noted=False)
        model_history.drop_last(settings.data_dir, kept)
        _say_none(common, settings)
        return
    embedders, seconds = _tried_out(wanted)
    _write(common, settings, wanted, noted=False)
    model_history.drop_last(settings.data_dir, kept)
    _say(common, settings, wanted, embedders, seconds)


def fetch(common: Common, settings: Settings, name: str) -> None:
    """`wherein model pull`."""
    kind, _, inner = name.partition(":")
    if name in (DEEP, BUILTIN):
        how = f"; to run it: {install_command('deep')}" if name == DEEP else ""
        common.screen.line(f"{name} comes with wherein: there is nothing to fetch{how}.")
        return
    if kind == "endpoint":
        raise ConfigError(
            "A server's models are fetched by that server.",
            remedy=f"for example with `ollama pull {inner or 'NAME'}`",
        )
    if name != MPNET and (kind != "transformers" or not inner):
        raise ConfigError(
            f"{name!r} is not a model that can be fetched: name {MPNET} or transformers:NAME.",
            remedy="wherein model list",
        )
    if settings.offline:
        raise ConfigError("Nothing is fetched offline.", remedy="leave out --offline")
    if name == MPNET:
        from wherein_server.cli.pulling_mpnet import pull_mpnet

        pull_mpnet(common, settings)
        return
    from wherein.embedding.transformers.folder import look_at
    from wherein.embedding.transformers.hub import pull
    from wherein_server.cli.wording import size

    folder = look_at(pull(inner, show=common.screen.error_console is not None))
    common.screen.line(f"{name} is here ({size(folder.bytes)}). Use it with `wherein model use {name}`.")


def _agreed_to(wanted: Settings, *, yes: bool) -> Settings:
    """With the user's word that code may leave the machine, where that is needed."""
    if not any(name.startswith("endpoint:") for name in models_of(wanted.deep_model or "")):
        return wanted
    from wherein.embedding.endpoint.open import endpoint_url, may_be_asked

    try:
        may_be_asked(endpoint_url(wanted), wanted)
    except ConsentMissing as error:
        if not yes:
            agreed(ConsentMissing(error.message, remedy="confirm with --yes"))
        return replace(wanted, deep_consent=wanted.deep_endpoint)
    return wanted


def _tried_out(wanted: Settings) -> tuple[list[TextEmbedder], float]:
    """The models, which have embedded something, and the seconds that this took."""
    began = time.monotonic()
    names = models_of(wanted.deep_model or "")
    return [_one_tried_out(replace(wanted, deep_model=name)) for name in names], time.monotonic() - began


def _one_tried_out(wanted: Settings) -> TextEmbedder:
    embedder = open_text_embedder(wanted)
    assert embedder is not None
    try:
        embedder.documents([TRIED])
    except ModelChanged:  # what was remembered of the server is old: now it is forgotten
        embedder = open_text_embedder(wanted)
        assert embedder is not None
    row = embedder.query(TRIED)
    if row.shape != (1, embedder.dimension) or not row.any():
        raise ConfigError(f"The model {wanted.deep_model} can be opened, but gives no vector for a question.")
    return embedder


def _write(common: Common, settings: Settings, wanted: Settings, *, noted: bool = True) -> None:
    """Change the user's own file, and note what was set before."""
    changes = {key: getattr(wanted, key) for key in KEYS}
    was = {key: getattr(settings, key) for key in KEYS}
    if noted and changes != was:
        model_history.note(settings.data_dir, was)
    change_user_file(
        user_config_file(os.environ), {key: value for key, value in changes.items() if value != was[key]}
    )
    from wherein_server.cli.session import settings_for

    now = settings_for(common)
    for key, value in changes.items():
        origin = now.origin(key)
        if now.value(key) != value:
            common.screen.note(f"{origin.where} sets {key} as well, and takes precedence over your own file.")


def _say(
    common: Common, settings: Settings, wanted: Settings, embedders: Sequence[TextEmbedder], seconds: float
) -> None:
    several = len(embedders) > 1
    if common.json:
        from wherein_server.cli import jsonout

        told: dict[str, object] = {
            "name": wanted.deep_model,
            "id": together(each.model_id for each in embedders),
            "dimension": embedders[0].dimension,
        }
        if several:
            told["models"] = [{"id": each.model_id, "dimension": each.dimension} for each in embedders]
        jsonout.print_json({"model": told | {"before": settings.deep_model}})
        return
    line = common.screen.line
    line(
        f"The deep tier's model{'s are' if several else ' is'} {wanted.deep_model}: "
        f"{'they' if several else 'it'} embedded a question in {seconds:.1f} s "
        f"({' and '.join(f'{each.dimension:,}' for each in embedders)} dimensions)."
    )
    if wanted.deep_model == settings.deep_model and _same_place(wanted, settings):
        return
    answers = (
        f"{settings.deep_model} answers until all of them are there"
        if settings.deep_model
        else "searches use those that are there"
    )
    line(f"Its vectors are made in the background, or right away by `wherein index --deep`; {answers}.")
    if _way_back(wanted):
        line(BACK)


def _say_none(common: Common, settings: Settings) -> None:
    if common.json:
        from wherein_server.cli import jsonout

        jsonout.print_json({"model": {"name": None, "before": settings.deep_model}})
        return
    common.screen.line("There is no deep tier now: only the first tier answers.")
    if _way_back(replace(settings, deep_model=None)):
        common.screen.line(BACK)


def _way_back(now: Settings) -> bool:
    return model_history.last(now.data_dir, {key: getattr(now, key) for key in KEYS}) is not None


def _same_place(one: Settings, other: Settings) -> bool:
    return all(getattr(one, key) == getattr(other, key) for key in KEYS)
