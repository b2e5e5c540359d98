"""The deep models that are available here, listed without loading one."""

from contextlib import suppress
from importlib.util import find_spec

from wherein.config.settings import Settings
from wherein.embedding import facts
from wherein.embedding.names import DEEP, MPNET
from wherein.embedding.prompts import prompts_for
from wherein.embedding.several import models_of
from wherein.errors import ConfigError, WhereinError
from wherein.extras import install_command
from wherein.quick_dataclass import dataclass
from wherein.redaction import shown_url

LATEST = ":latest"
"""Ollama's tag, which may be left out."""


@dataclass(frozen=True, slots=True)
class DeepModel:
    """What is known of a model without asking it anything."""

    name: str
    """what the setting `deep_model` calls it"""
    installed: bool
    """it is on this machine, or its server says that it has it"""
    used: bool
    """the setting names it"""
    about: str
    """in a few words"""
    bytes: int | None = None
    dimension: int | None = None
    licence: str = ""
    problem: str = ""
    """why it cannot be used"""
    remedy: str = ""


def deep_models(settings: Settings) -> list[DeepModel]:
    """The packaged one, mpnet, those of the hub that were pulled, those that a server lists which may be asked, and the
    one that is set, wherever it is."""
    found = [_packaged(settings), _mpnet(settings), *_transformers(settings), *_endpoint(settings)]
    for name in _named(settings):
        if all(model.name != name for model in found):
            found.append(describe(name, settings))
    return found


def _named(settings: Settings) -> tuple[str, ...]:
    """By the setting."""
    with suppress(WhereinError):  # too many
        return models_of(settings.deep_model) if settings.deep_model is not None else ()
    return ()


def describe(name: str, settings: Settings) -> DeepModel:
    """One model by its name, if need be one that is not here."""
    kind, _, inner = name.partition(":")
    used = name in _named(settings)
    if name == DEEP:
        return _packaged(settings)
    if name == MPNET:
        return _mpnet(settings)
    if kind == "onnx" and inner:
        return _given(inner, used=used)
    if kind == "transformers" and inner:
        return _one_transformer(inner, used=used, settings=settings)
    if kind == "endpoint" and inner:
        return _one_of_server(inner, used=used, settings=settings)
    return DeepModel(
        name, False, used, "not a model that wherein knows", problem="there is no model of that name"
    )


def _packaged(settings: Settings) -> DeepModel:
    from wherein.embedding.onnx.folder import PACKAGED, bytes_in, read_card
    from wherein.embedding.onnx.runtime import is_installed

    card = read_card(PACKAGED)
    there = is_installed()
    return DeepModel(
        DEEP,
        there,
        DEEP in _named(settings),
        card.description,
        bytes=bytes_in(PACKAGED),
        dimension=card.dimension,
        licence=card.licence,
        problem="" if there else "the packages that run it are not installed",
        remedy="" if there else install_command("deep"),
    )


def _mpnet(settings: Settings) -> DeepModel:
    from wherein.embedding.onnx.folder import bytes_in, read_card
    from wherein.embedding.onnx.mpnet.open import missing, place_of
    from wherein.embedding.onnx.mpnet.recipe import HERE
    from wherein.embedding.onnx.runtime import is_installed

    known, place = read_card(HERE), place_of(settings.data_dir)
    wrong: WhereinError | None = None
    try:
        known = read_card(place) if place.is_dir() else known
    except WhereinError as error:
        wrong = error
    if not place.is_dir():
        wrong = missing()
    elif wrong is None and not is_installed():
        wrong = ConfigError("the packages that run it are not installed", remedy=install_command("deep"))
    return DeepModel(
        MPNET,
        wrong is None,
        MPNET in _named(settings),
        known.description,
        bytes=bytes_in(place) if wrong is None else None,
        dimension=known.dimension,
        licence=known.licence,
        problem=wrong.message if wrong else "",
        remedy=wrong.remedy if wrong else "",
    )


def _given(name: str, *, used: bool) -> DeepModel:
    from wherein.embedding.onnx.folder import bytes_in, read_card
    from wherein.embedding.onnx.given.folder import look_at
    from wherein.embedding.onnx.given.open import place_of
    from wherein.embedding.onnx.runtime import is_installed

    path, about = place_of(name), "a folder of yours"
    there = is_installed()
    dimension: int | None
    try:
        own = (path / "model.toml").is_file()
        dimension = read_card(path).dimension if own else look_at(path).dimension
        there = there and (own or find_spec("tokenizers") is not None)
    except WhereinError as error:
        return DeepModel(f"onnx:{name}", False, used, about, problem=error.message, remedy=error.remedy)
    return DeepModel(
        f"onnx:{name}",
        there,
        used,
        about,
        bytes=bytes_in(path),
        dimension=dimension,
        problem="" if there else "the packages that run it are not installed",
        remedy="" if there else install_command("onnx"),
    )


def _endpoint(settings: Settings) -> list[DeepModel]:
    from wherein.embedding.endpoint.listing import listed

    return [
        _one_of_server(name, used=f"endpoint:{name}" in _named(settings), settings=settings, there=True)
        for name in (each.removesuffix(LATEST) for each in listed(settings))
    ]


def _one_of_server(name: str, *, used: bool, settings: Settings, there: bool | None = None) -> DeepModel:
    from wherein.embedding.endpoint.listing import listed
    from wherein.embedding.endpoint.open import endpoint_url
    from wherein.endpoint.loopback import is_loopback

    url = endpoint_url(settings)
    if there is None:
        names = listed(settings)
        there = name in names or name + LATEST in names
    prompts = prompts_for(name, query=settings.deep_query_prefix, document=settings.deep_document_prefix)
    known = facts.remembered(
        facts.place(settings.data_dir, "endpoint", url, name, settings.deep_dimension, prompts)
    )
    where = "" if is_loopback(url) else ", which is NOT on this machine: code is sent there"
    return DeepModel(
        f"endpoint:{name}",
        there,
        used,
        f"at {shown_url(url)}{where}",
        dimension=known.dimension if known else None,
        problem="" if there else "its server does not answer, or does not list it",
        remedy="" if there else "start the server, or load the model into it",
    )


def _transformers(settings: Settings) -> list[DeepModel]:
    from wherein.embedding.transformers.cached import cached

    return [
        _one_transformer(name, used=f"transformers:{name}" in _named(settings), settings=settings)
        for name in cached()
    ]


def _one_transformer(name: str, *, used: bool, settings: Settings) -> DeepModel:
    from wherein.embedding.transformers.cached import cached, licence
    from wherein.embedding.transformers.folder import look_at
    from wherein.embedding.transformers.hub import folder_of, is_path

    full, about = f"transformers:{name}", "a folder of yours" if is_path(name) else "of the hub"
    there = find_spec("sentence_transformers") is not None
    try:
        path = cached().get(name) or folder_of(name)
        folder = look_at(path)
    except WhereinError as error:
        return DeepModel(full, False, used, about, problem=error.message, remedy=error.remedy)
    prompts = prompts_for(
        name, query=settings.deep_query_prefix, document=settings.deep_document_prefix, own=folder.prompts
    )
    about_it = (folder.revision, settings.deep_dimension, prompts)
    known = facts.remembered(facts.place(settings.data_dir, "transformers", *about_it))
    return DeepModel(
        full,
        there,
        used,
        about,
        bytes=folder.bytes,
        dimension=known.dimension if known else None,
        licence=licence(path),
        problem="" if there else "the packages that run it are not installed",
        remedy="" if there else install_command("transformers"),
    )
