"""The files of the page, read once and kept in memory, compressed too."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

INDEX = "index.html"

# Not asked of the system: a registry entry on Windows may say that JavaScript is plain text.
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file. ``etag`` names its content (RFC 9110, section 8.8.3)."""

    content: bytes
    compressed: bytes
    content_type: str
    etag: str


def page_files(folder_name: str = "page") -> Mapping[str, PageFile]:
    """Return the files of a page by their names: the players' page, or that of the teacher."""
    folder = files("game.web").joinpath(folder_name)
    return {
        entry.name: _page_file(entry.name, entry.read_bytes())
        for entry in folder.iterdir()
        if entry.is_file()
    }


def _page_file(name: str, content: bytes) -> PageFile:
    suffix = name[name.rindex(".") :]
    digest = hashlib.sha256(content).hexdigest()[:16]
    compressed = gzip.compress(content, mtime=0)
    return PageFile(content, compressed, _CONTENT_TYPES[suffix], f'"{digest}"')
