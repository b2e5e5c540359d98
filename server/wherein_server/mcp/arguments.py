"""The arguments of an agent's call, checked against what the tool takes."""

from collections.abc import Mapping
from typing import Any

from wherein_server.mcp.catalog import Tool
from wherein_server.mcp.trouble import ToolError

LONGEST_TEXT = 20_000
"""Characters of a query or a name: a trace fits in."""

_TYPES = {"string": str, "integer": int, "boolean": bool}
_YES = {"true": True, "false": False}


def checked(tool: Tool, given: object) -> dict[str, Any]:
    """The arguments, by the tool's own names for them, numbers within their bounds. ToolError names what is wrong and
    what is taken."""
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise ToolError(f"The arguments of {tool.name} must be an object.", remedy=_takes(tool))
    given = {_own_name(tool, str(name), given): value for name, value in given.items()}
    unknown = [name[:40] for name in given if name not in tool.parameters]
    if unknown:
        raise ToolError(f"{tool.name} takes no {', '.join(unknown[:3])}.", remedy=_takes(tool))
    missing = [name for name in tool.required if given.get(name) in (None, "")]
    if missing:
        raise ToolError(f"{tool.name} needs {', '.join(missing)}.", remedy=_takes(tool))
    return {
        name: _value(tool, name, value, tool.parameters[name])
        for name, value in given.items()
        if value is not None
    }


def _own_name(tool: Tool, name: str, given: Mapping[object, object]) -> str:
    """What the tool calls a parameter, unless that is given as well."""
    own = tool.also.get(name, name)
    return name if own in given else own


def _value(tool: Tool, name: str, value: object, schema: Mapping[str, Any]) -> object:
    wanted = schema["type"]
    if wanted == "integer" and isinstance(value, str) and value.strip().isdigit() and len(value) < 10:
        value = int(value)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        value = int(value)
    if wanted == "boolean" and isinstance(value, str):
        value = _YES.get(value.strip().lower(), value)
    if not isinstance(value, _TYPES[wanted]) or (wanted == "integer" and isinstance(value, bool)):
        raise ToolError(f"{name} must be of type {wanted}.", remedy=_takes(tool))
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ToolError(
                f"{name} is {len(value):,} characters long; at most {LONGEST_TEXT:,} are allowed.",
                remedy="Shorten it",
            )
        if "\0" in value:
            raise ToolError(f"{name} must not hold NUL characters.", remedy="Take them out")
        if "enum" in schema and value not in schema["enum"]:
            raise ToolError(f"{name} must be one of {', '.join(schema['enum'])}.", remedy=_takes(tool))
    if wanted == "integer" and isinstance(value, int):
        return min(max(value, schema.get("minimum", value)), schema.get("maximum", value))
    return value


def _takes(tool: Tool) -> str:
    names = ", ".join(f"{name}{'' if name in tool.required else '?'}" for name in tool.parameters)
    return f"Call {tool.name} with {names}"
