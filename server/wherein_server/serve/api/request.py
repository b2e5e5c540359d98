"""A request → what it asks for; an answer → its bytes."""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from wherein_server.serve.farm import FarmOfTheStore
from wherein_server.serve.forges import Forges
from wherein_server.serve.library import Library
from wherein_server.serve.principal import Principal
from wherein_server.serve.refusal import Refusal

Q = TypeVar("Q", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Desk:
    """What all answers need."""

    library: Library
    forges: Forges
    answers: bool
    """whether a language model is there"""
    farm: FarmOfTheStore


@dataclass
class ApiRequest:
    """A request on its way."""

    request: Request
    desk: Desk

    @property
    def who(self) -> Principal:
        """Whoever asks."""
        found = self.request.state.principal
        assert isinstance(found, Principal)
        return found

    @property
    def library(self) -> Library:
        """What is asked."""
        return self.desk.library

    def query(self, shape: type[Q]) -> Q:
        """The parameters. Raises Refusal for one that is missing, unknown or wrong."""
        parameters = self.request.query_params
        many = {name for name, field in shape.model_fields.items() if "list" in str(field.annotation)}
        given = {
            name: parameters.getlist(name) if name in many else parameters.getlist(name)[-1]
            for name in parameters
        }
        return _checked(shape, given)

    async def body(self, shape: type[Q]) -> Q:
        """The body, in JSON. Raises Refusal."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(415, "The body must be JSON.", remedy="send Content-Type: application/json")
        try:
            given = json.loads(await self.request.body())
        except (ValueError, RecursionError):
            raise Refusal(400, "The body is not JSON.") from None
        if not isinstance(given, dict):
            raise Refusal(400, "The body is not a JSON object.")
        return _checked(shape, given)


def path_of(path: str, path_bytes: str) -> str:
    """A path as an index has it. Raises Refusal for one that no index can have: nothing is ever opened by it."""
    if path_bytes:
        try:
            path = os.fsdecode(base64.b64decode(path_bytes, validate=True))
        except (binascii.Error, ValueError):
            raise Refusal(400, "path_bytes is not base64.") from None
    parts = path.split("/")
    if not path or "\0" in path or path.startswith("/") or any(each in ("", ".", "..") for each in parts):
        raise Refusal(400, "That is not a path below a repository's root.", remedy="give it as src/auth.py")
    return path


def answer(made: BaseModel) -> Response:
    """An answer as JSON."""
    text = made.model_dump_json(by_alias=True, exclude_none=False)
    return Response(text, media_type="application/json")


def _checked(shape: type[Q], given: Mapping[str, object]) -> Q:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(each) for each in first["loc"]) or "The request"
        what = {"missing": "is missing", "extra_forbidden": "is not known"}.get(first["type"])
        said = what or f"is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}"
        raise Refusal(
            400, f"{where[:100]} {said}.", remedy="/api/v1/openapi.json says what is accepted"
        ) from None
