"""A headless Chromium for the tests of the page, driven over its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/. A page that a test opens is a real one: it
parses, lays out, draws and has a real WebSocket.
"""

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--mute-audio"),
    # Several pages draw at once, and none of them is in front.
    *("--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"),
    "--remote-debugging-port=0",
)
# Stands for a user who accepts the page's certificate.
ACCEPT_CERTIFICATE = "--ignore-certificate-errors"
START_WITHIN_S = 60.0
ANSWER_WITHIN_S = 60.0
# What a person sees as "at once".
POLL_S = 0.02
# The bit of ``Input.dispatchKeyEvent`` for the control key.
_CTRL = 2

PHONE = (390, 844)
SCREEN = (1280, 720)

# True in a page that has joined, and has got a snapshot.
PLAYING = (
    "window.jitterball?.client?.status === 'playing' && jitterball.client.scene.newest !== null"
)


def chromium_path() -> str:
    """Return where Chromium is, or skip the test."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"there is no Chromium here ({', '.join(NAMES)})")
    return found


class DevToolsError(Exception):
    """The page threw, or DevTools refused a command."""


class Page:
    """One page in a browser; ``errors`` holds what it wrote to its console as an error."""

    def __init__(self, socket: ClientConnection) -> None:
        self.errors: list[str] = []
        self._socket = socket
        self._ids = itertools.count(1)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=ANSWER_WITHIN_S))
            if message.get("id") != number:
                self._note(message)
            elif "error" in message:
                raise DevToolsError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise DevToolsError(details.get("exception", {}).get("description", str(details)))
        return answer["result"].get("value")

    def until(self, script: str, within_s: float = 60.0) -> Any:
        """Wait until an expression is true in the page; return its value."""
        deadline = time.perf_counter() + within_s
        while not (value := self.run(script)):
            if time.perf_counter() > deadline:
                raise AssertionError(f"not within {within_s} s: {script}; errors: {self.errors}")
            time.sleep(POLL_S)
        return value

    def set_screen(self, size: tuple[int, int], is_phone: bool = False) -> None:
        """Give the page a screen; a phone has touches, no mouse, and two pixels for each."""
        width, height = size
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if is_phone else 1,
            mobile=is_phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=is_phone, maxTouchPoints=5)

    def open(self, url: str) -> None:
        """Load a page."""
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds."""
        self.run(f"document.querySelector({selector!r}).click()")

    def click_text(self, parent: str, text: str) -> None:
        """Click the button below ``parent`` that has this text."""
        buttons = f"[...document.querySelectorAll({parent!r} + ' button')]"
        self.run(f"{buttons}.find((each) => each.textContent === {text!r}).click()")

    def key(self, code: str, is_down: bool) -> None:
        """Press or release a key, named by its place on the keyboard."""
        self.call("Input.dispatchKeyEvent", type="keyDown" if is_down else "keyUp", code=code)

    def press(self, letter: str, has_ctrl: bool = False) -> None:
        """Press and release the key of a letter."""
        key = {"key": letter, "code": f"Key{letter.upper()}", "modifiers": _CTRL * has_ctrl}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, **key)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Send a touch event (``touchStart``, ``touchMove``, ``touchEnd``) with these points."""
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.call("Input.dispatchTouchEvent", type=kind, touchPoints=touches)

    def screenshot(self, path: Path) -> None:
        """Write what the page shows as a PNG file."""
        answer = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

    def save_downloads(self, folder: Path) -> None:
        """Let the page save files in a folder."""
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def _note(self, message: dict[str, Any]) -> None:
        match message:
            case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                text = details.get("exception", {}).get("description", details["text"])
                self.errors.append(text)
            case {"method": "Log.entryAdded", "params": {"entry": {"level": "error"} as entry}}:
                self.errors.append(f"{entry['text']} {entry.get('url', '')}")


class Browser:
    """A running Chromium."""

    def __init__(self, debugging_port: int) -> None:
        self._port = debugging_port

    @contextmanager
    def page(self) -> Iterator[Page]:
        """Open an empty page; it is closed at the end of the block."""
        target = json.loads(self._ask("PUT", "json/new?about:blank"))
        try:
            # With a limit the reader would stop at the many events of a page that plays. It would
            # not see the answer to the closing handshake either, and wait ten seconds for it.
            with connect(target["webSocketDebuggerUrl"], max_size=None, max_queue=None) as socket:
                yield Page(socket)
        finally:
            # After the connection: a page that is gone does not answer its closing handshake.
            self._ask("GET", f"json/close/{target['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        request = Request(f"http://127.0.0.1:{self._port}/{path}", method=method)
        with urlopen(request, timeout=ANSWER_WITHIN_S) as answer:
            return answer.read()


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """Run a Chromium with a profile of its own."""
    path = chromium_path()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *FLAGS, f"--user-data-dir={profile}", *flags, "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Browser(_debugging_port(Path(profile, "DevToolsActivePort"), process))
        finally:
            process.terminate()
            process.wait()


def join(page: Page, url: str) -> None:
    """Open a game's page, whose address has the player's name, and play."""
    page.open(url)
    page.until("!document.getElementById('play').disabled && window.jitterball?.server")
    page.click("#play")
    page.until(PLAYING)


def _debugging_port(file: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.perf_counter() + START_WITHIN_S
    while time.perf_counter() < deadline and process.poll() is None:
        # Chromium writes the file in two steps.
        if file.exists() and len(lines := file.read_text().splitlines()) == 2:
            return int(lines[0])
        time.sleep(POLL_S)
    raise AssertionError("Chromium did not start")
