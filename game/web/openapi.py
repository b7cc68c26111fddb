"""The OpenAPI description of ``/api/``, made from the dataclasses that are served.  [pure]

OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), whose schemas are JSON Schema 2020-12.
"""

from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from game.web.api_values import PlayerInfo, ResultInfo, RoomInfo, ServerInfo

_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path below ``/api/``; with ``is_list`` it serves an array of the record."""

    record: type[Any]
    summary: str
    is_list: bool = True


ENDPOINTS = {
    "server": Endpoint(ServerInfo, "The server, its uptime and how to connect", is_list=False),
    "rooms": Endpoint(RoomInfo, "The rooms that are open now, with their scores"),
    "players": Endpoint(PlayerInfo, "The clients that are connected now"),
    "results": Endpoint(ResultInfo, "The score sheets of the matches in progress"),
}


def description(version: str) -> dict[str, Any]:
    """Return the document as plain values."""
    records = {endpoint.record.__name__: endpoint.record for endpoint in ENDPOINTS.values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jitterball", "version": version},
        "paths": {f"/api/{name}": _path(endpoint) for name, endpoint in ENDPOINTS.items()},
        "components": {"schemas": {name: _schema(record) for name, record in records.items()}},
    }


def _path(endpoint: Endpoint) -> dict[str, Any]:
    reference: dict[str, Any] = {"$ref": f"#/components/schemas/{endpoint.record.__name__}"}
    schema = {"type": "array", "items": reference} if endpoint.is_list else reference
    served = {"description": endpoint.summary, "content": {"application/json": {"schema": schema}}}
    not_ready = {"description": "The game server has not said anything yet"}
    return {"get": {"summary": endpoint.summary, "responses": {"200": served, "503": not_ready}}}


def _schema(record: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(record)
    names = [field.name for field in fields(record)]
    # Line breaks of a docstring are the source's, not the reader's.
    text = " ".join((record.__doc__ or "").split())
    properties = {name: {"type": _json_type(hints[name])} for name in names}
    return {"type": "object", "description": text, "properties": properties, "required": names}


def _json_type(hint: Any) -> str | list[str]:
    if isinstance(hint, UnionType):
        return [_JSON_TYPES[member] for member in get_args(hint)]
    return _JSON_TYPES[hint]
