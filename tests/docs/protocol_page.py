"""Parser of ``docs/protocol.md``: its tables and its exchanges in hexadecimal."""

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return the text under a heading, up to the next heading of any level."""
    (text,) = re.findall(
        rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", PAGE, re.DOTALL | re.MULTILINE
    )
    return text


def table(title: str, number: int = 0) -> list[list[str]]:
    """Return the rows of a section's table without its header; backquotes are removed."""
    lines = section(title).splitlines()
    blocks = [
        list(block) for is_row, block in groupby(lines, lambda x: x.startswith("|")) if is_row
    ]
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in blocks[number][2:]
    ]


def byte_table(title: str, **sizes: int) -> int:
    """Return the size of a layout in bytes, and check that its fields leave no gap.

    ``sizes`` are those of fields whose size the table gives as a word.
    """
    end = 0
    for offset, size, _ in table(title):
        assert int(offset) == end, f"{title}: the field at {offset} does not follow at {end}"
        end += sizes.get(size) if size in sizes else int(size)
    return end


@dataclass(frozen=True)
class Piece:
    """The bytes of one line; ``varies`` is empty, ``*`` or ``~`` as on the page."""

    varies: str
    data: bytes
    name: str


@dataclass(frozen=True)
class WireMessage:
    """One frame, datagram or HTTP header of an exchange."""

    is_from_client: bool
    pieces: tuple[Piece, ...]

    def bytes_to_send(self, known: dict[str, bytes]) -> bytes:
        """Return the bytes of a client's message, with what the server has chosen put in."""
        return b"".join(known[p.name] if p.varies else p.data for p in self.pieces)

    def match(self, received: bytes) -> dict[str, bytes] | None:
        """Return the named bytes of a server's message; None if it is another message."""
        pattern = b"".join(
            b"(%b)" % (b".+?" if piece.varies == "~" else b".{%d}" % len(piece.data))
            if piece.varies
            else re.escape(piece.data)
            for piece in self.pieces
        )
        found = re.fullmatch(pattern, received, re.DOTALL)
        names = [piece.name for piece in self.pieces if piece.varies]
        return dict(zip(names, found.groups(), strict=True)) if found else None


def exchange(transport: str) -> list[WireMessage]:
    """Return the messages of a worked exchange."""
    (block,) = re.findall(rf"^```wire {transport}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    messages = []
    for text in block.strip().split("\n\n"):
        lines = text.splitlines()
        assert len({line[0] for line in lines}) == 1, text
        messages.append(WireMessage(lines[0][0] == ">", tuple(map(_piece, lines))))
    return messages


def _piece(line: str) -> Piece:
    found = re.fullmatch(
        r'[<>] (?:([*~]) )?(?:"(.*?)"|((?:[0-9a-f]{2} ?)+(?:x \d+)?))(?:  +(.*))?', line
    )
    assert found, f"cannot read {line!r}"
    varies, quoted, digits, name = (group or "" for group in found.groups())
    if quoted:
        data = quoted.encode().decode("unicode_escape").encode()
    else:
        pattern, _, count = digits.partition("x ")
        data = bytes.fromhex(pattern) * int(count or 1)
    return Piece(varies, data, name.split(":")[0])
