"""HTTP routes of the teacher's page: its files, the class as it is, its results, the actions.

Its rights are those of the secret alone. A browser keeps a fragment to itself, so the secret is in
no request's path and in no log. The page sends it in a header, which no foreign page can add.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from game.web.class_recording import ClassRecording
from game.web.page_files import INDEX, page_files
from game.web.teacher_actions import Action, ActionError, Order, read_action
from net.security.proofs import constant_time_equal

# The longest action is a line of text or a link with every setting.
_BODY_LIMIT_BYTES = 4096
_SCHEME = "Bearer "
_NEVER_CACHE = {"Cache-Control": "no-store"}

_Endpoint = Callable[[Request], Awaitable[Response]]


class TeacherDesk:
    """Check of the teacher's secret; ``perform`` passes an action on to the game server."""

    def __init__(self, secret: str, perform: Callable[[Action], None]) -> None:
        self.perform = perform
        self._secret = secret.encode()

    def is_teacher(self, request: Request) -> bool:
        """Return whether a request carries the secret (RFC 6750, section 2.1)."""
        given = request.headers.get("authorization", "")
        secret = given.removeprefix(_SCHEME).encode()
        return given.startswith(_SCHEME) and constant_time_equal(secret, self._secret)


def teacher_routes(
    desk: TeacherDesk, state: Callable[[], dict[str, Any] | None], recording: ClassRecording
) -> list[Route]:
    """Return the routes of the teacher's page; ``state`` returns the class as it is now."""
    pages = page_files("teacher_page")

    def for_teacher(answer: _Endpoint) -> _Endpoint:
        async def checked(request: Request) -> Response:
            if desk.is_teacher(request):
                return await answer(request)
            return _plain(403, "this is for the teacher: open the address that the server printed")

        return checked

    async def page(request: Request) -> Response:
        file = pages.get(request.path_params.get("name") or INDEX)
        if file is None:
            return _plain(404, "no such page")
        return Response(file.content, headers=_NEVER_CACHE | {"Content-Type": file.content_type})

    async def class_now(_request: Request) -> Response:
        now = state()
        if now is None:
            return _plain(503, "the game server has not said anything yet")
        return JSONResponse(now, headers=_NEVER_CACHE)

    async def act(request: Request) -> Response:
        try:
            action = read_action(json.loads(await _body(request)))
        except (ActionError, ValueError, RecursionError) as error:
            return _plain(400, f"{error}")
        desk.perform(action)
        return _plain(202, "passed on")

    async def results(request: Request) -> Response:
        name, packed = await recording.archive(request.query_params.get("lang", ""))
        desk.perform(Order("results-taken"))
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(packed, media_type="application/zip", headers=_NEVER_CACHE | disposition)

    return [
        Route("/teacher", page),
        Route("/teacher/{name}", page),
        Route("/api/teacher/class", for_teacher(class_now)),
        Route("/api/teacher/actions", for_teacher(act), methods=["POST"]),
        Route("/api/teacher/results.zip", for_teacher(results)),
    ]


async def _body(request: Request) -> bytes:
    """Return the body of a request. Raises ``ActionError`` if it is too long."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > _BODY_LIMIT_BYTES:
                raise ActionError(f"an action has at most {_BODY_LIMIT_BYTES} bytes")
    except ClientDisconnect as error:
        raise ActionError("the request ended early") from error
    return body


def _plain(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=_NEVER_CACHE)
