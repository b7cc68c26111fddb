"""Pages in a browser, and their modules in Node beside their models in Python."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import game.web
from tests.game.web.chromium import SCREEN, Browser, Page, browser

PAGE = Path(game.web.__file__).parent / "page"
WITHIN_S = 150

# Given the name of a module, a function body over ``module`` and ``data``, and the data.
Javascript = Callable[[str, str, Any], Any]

# Bytes travel as hex, which Python reads and writes too.
HEAD = """
import * as module from {module};
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const data = JSON.parse(Buffer.concat(chunks).toString());
const result = await (async () => {{ {body} }})();
process.stdout.write(JSON.stringify(result));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Yield an empty page in the browser that the test's module runs."""
    with chromium.page() as opened:
        opened.set_screen(SCREEN)
        yield opened


@pytest.fixture(scope="session")
def run_node() -> Callable[..., Any]:
    """Return a function that runs JavaScript over a module in a folder; skip without Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here")

    def run(folder: Path, module: str, body: str, data: Any = None) -> Any:
        # Else Node takes files called .js for another kind of module.
        (folder / "package.json").write_text('{"type": "module"}')
        script = HEAD.format(module=json.dumps(f"./{module}.js"), body=body)
        (folder / "test.js").write_text(script)
        done = subprocess.run(
            [node, "test.js"],
            input=json.dumps(data).encode(),
            cwd=folder,
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def javascript(
    tmp_path_factory: pytest.TempPathFactory, run_node: Callable[..., Any]
) -> Javascript:
    """Return a function that runs JavaScript over a module of the page."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(PAGE, folder, dirs_exist_ok=True)
    return partial(run_node, folder)
