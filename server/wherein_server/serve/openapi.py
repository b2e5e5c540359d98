"""The OpenAPI document, made from the routes and the shapes of requests and answers."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from wherein import __version__
from wherein.quick_dataclass import dataclass
from wherein_server.serve.api.answer_shapes import Refused

REFERENCES = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Described:
    """A route of the API."""

    method: Literal["get", "post"]
    path: str
    summary: str
    answer: type[BaseModel] | None
    """None: a stream of events"""
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None


def document(routes: Sequence[Described]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    asked = [(each, "validation") for route in routes for each in (route.query, route.body) if each]
    answered = [(route.answer, "serialization") for route in routes if route.answer]
    models = [*asked, *answered, (Refused, "serialization")]
    made, definitions = models_json_schema(models, by_alias=True, ref_template=REFERENCES)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions["$defs"]
    where: dict[Any, str] = {model: str(reference["$ref"]) for (model, _), reference in made.items()}
    paths: dict[str, Any] = {}
    for route in routes:
        told: dict[str, Any] = {
            "summary": route.summary,
            "operationId": _name(route, routes),
            "responses": {
                "200": {"description": "The answer", "content": _content(route.answer, where)},
                "default": {"description": "No answer", "content": _content(Refused, where)},
            },
        }
        if route.query is not None:
            told["parameters"] = _parameters(schemas[where[route.query].rpartition("/")[2]])
        if route.body is not None:
            told["requestBody"] = {"required": True, "content": _content(route.body, where)}
        paths.setdefault(route.path, {})[route.method] = told
    bodies = {route.body for route in routes}
    apart = {
        where[each.query].rpartition("/")[2] for each in routes if each.query and each.query not in bodies
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wherein",
            "version": __version__,
            "description": "Where in your repositories something is done.",
        },
        "paths": paths,
        "components": {
            "schemas": {name: each for name, each in schemas.items() if name not in apart},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _name(route: Described, routes: Sequence[Described]) -> str:
    """Of an operation; that of the second at one address tells how it is asked."""
    first = next(each for each in routes if each.path == route.path)
    name = route.path.rpartition("/")[2]
    return name if route is first else f"{route.method}_{name}"


def _parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": {key: value for key, value in each.items() if key != "description"},
            **({"description": each["description"]} if "description" in each else {}),
        }
        for name, each in schema["properties"].items()
    ]


def _content(model: type[BaseModel] | None, where: dict[Any, str]) -> dict[str, Any]:
    if model is None:
        return {"text/event-stream": {"schema": {"type": "string"}}}
    return {"application/json": {"schema": {"$ref": where[model]}}}
