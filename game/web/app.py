"""The HTTP application: the page, ``/api/`` and ``/metrics``, and the teacher's page.

It serves the latest values that the game server sent. Only actions of the teacher reach the game
server, through a pipe, so no request can delay a tick.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from game.web import metrics
from game.web.class_recording import ClassRecording
from game.web.openapi import ENDPOINTS, description
from game.web.page_files import INDEX, PageFile, page_files
from game.web.teacher_routes import TeacherDesk, teacher_routes
from net.security.client_network import client_network, is_loopback
from net.security.page_origin import is_own_host, is_own_page, split_host

# Names of modules never change, so a browser must ask whether what it has is still right.
_CACHE = {"Cache-Control": "no-cache"}
_NEVER_CACHE = {"Cache-Control": "no-store"}

# The page asks nothing of any other address; ``connect-src`` adds the game's WebSockets.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"
)
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# The game server sends its values right after the start of this process.
_FIRST_VALUES_WITHIN_S = 2.0


class LiveState:
    """The latest values from the game server; empty until the first arrive."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.metrics = metrics.ServerMetrics()
        self.classroom: dict[str, Any] | None = None
        self.recording = ClassRecording()
        self._has_values = asyncio.Event()

    async def wait_for_values(self) -> None:
        """Return once the first values have arrived, or do not come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_VALUES_WITHIN_S):
                await self._has_values.wait()

    def update(self, message: dict[str, Any]) -> None:
        """Take a message of ``HttpProcess.publish``."""
        self.answers = message["answers"]
        self.classroom = message.get("class")
        if self.classroom is not None:
            self.recording.record(self.classroom)
        self.metrics.update(message["stats"], message["ticks"])
        self._has_values.set()

    @property
    def websocket_offsets(self) -> list[int]:
        """The ports of the game's WebSockets less ours, those that are known."""
        server: dict[str, Any] = self.answers.get("server", {})
        offsets = (server.get(name) for name in ("websocket_offset", "reference_offset"))
        return [offset for offset in offsets if offset is not None]


def make_app(
    state: LiveState, version: str, is_encrypted: bool, teacher: TeacherDesk | None = None
) -> ASGIApp:
    """Return the application that serves ``state``; ``teacher`` is None without his page."""
    pages = page_files()
    document = description(version)

    # Coroutines, though they await nothing: Starlette runs plain functions in threads.
    async def api(request: Request) -> Response:
        name = request.path_params["name"]
        if name == "openapi.json":
            return JSONResponse(document, headers=_CACHE)
        if name not in ENDPOINTS:
            return _plain(404, f"no such path: there are {', '.join(ENDPOINTS)}, openapi.json")
        if name not in state.answers:
            return _plain(503, "the game server has not said anything yet")
        return JSONResponse(state.answers[name], headers=_NEVER_CACHE)

    async def metrics_page(request: Request) -> Response:
        if not (_is_local(request) or (teacher and teacher.is_teacher(request))):
            return _plain(403, "metrics are for this computer, or with the teacher's secret")
        return Response(state.metrics.text(), media_type=metrics.CONTENT_TYPE, headers=_NEVER_CACHE)

    async def page(request: Request) -> Response:
        # Its policy names the port of the game. A page without that could never play.
        await state.wait_for_values()
        return _page_response(pages, request)

    routes = [
        *(teacher_routes(teacher, lambda: state.classroom, state.recording) if teacher else ()),
        Route("/api/{name}", api),
        Route("/metrics", metrics_page),
        Route("/{name:path}", page),
    ]
    return _Guard(Starlette(routes=routes), state, is_encrypted)


def _is_local(request: Request) -> bool:
    """Return whether a request comes from this computer."""
    return request.client is not None and is_loopback(client_network(request.client.host))


class _Guard:
    """Middleware: refuses foreign hosts and pages, and adds the security headers."""

    def __init__(self, app: ASGIApp, state: LiveState, is_encrypted: bool) -> None:
        self._app = app
        self._state = state
        self._is_encrypted = is_encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                added.update(_SECURITY_HEADERS)
                added["Content-Security-Policy"] = _POLICY if refusal else self._policy(host)
            await send(message)

        refusal = self._refusal(host, headers.get("origin"))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, host: str, origin: str | None) -> Response | None:
        if not is_own_host(host, self._is_encrypted):
            return _plain(421, "open this page by the computer's address")
        if origin is not None and not is_own_page(origin, host, 0, self._is_encrypted):
            return _plain(403, "pages of other servers are not answered")
        return None

    def _policy(self, host: str) -> str:
        """Return the policy with the addresses of the game, as who asked sees them."""
        scheme = "wss" if self._is_encrypted else "ws"
        name, port = split_host(host, self._is_encrypted)
        # The grammar of the policy has no IPv6 addresses (CSP 3, section 2.3.1).
        shown = "*" if ":" in name else name
        offsets = self._state.websocket_offsets
        return " ".join([_POLICY, *(f"{scheme}://{shown}:{port + each}" for each in offsets)])


def _page_response(pages: Mapping[str, PageFile], request: Request) -> Response:
    file = pages.get(request.path_params["name"] or INDEX)
    if file is None:
        return _plain(404, "no such page")
    headers = {**_CACHE, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    content = file.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = file.compressed, "gzip"
    return Response(content, headers={**headers, "Content-Type": file.content_type})


def _plain(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=_NEVER_CACHE)
