"""Time-sequence diagrams as SVG: two ends, time downwards, an arrow for each packet.  [pure]

It draws the traces of ``lost_packet`` side by side. SVG is text, sharp at any size, and needs no
library.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from game.lab.diagram.lost_packet import Arrow, ExchangeTrace, PacketOutcome

MS = 1000.0
PX_PER_MS = 1.9
COLUMN_PX, TOP_PX, BOTTOM_PX = 560, 92, 64
SERVER_X, CLIENT_X, GAME_X = 70.0, 290.0, 390.0
# Okabe-Ito, as on the lagometer. Dashes and crosses show the outcome without colour.
COLOURS = {
    PacketOutcome.DELIVERED: "#009E73",
    PacketOutcome.LOST: "#D55E00",
    PacketOutcome.RESENT: "#CC79A7",
    PacketOutcome.SACK: "#0072B2",
}
FAINT, INK = "#B8C0CC", "#20262E"
MEANINGS = {
    PacketOutcome.DELIVERED: "delivered",
    PacketOutcome.LOST: "lost",
    PacketOutcome.SACK: "selective ACK (SACK): reports the gap",
    PacketOutcome.RESENT: "resent",
}

# Returns a text in the reader's language.
Translate = Callable[[str], str]


def draw(traces: Sequence[ExchangeTrace], caption: str, translate: Translate = str) -> str:
    """Return an SVG document with the traces side by side, on one time scale."""
    last_s = max(a.arrived_at for trace in traces for a in trace.arrows if a.is_down)
    height = round(TOP_PX + last_s * MS * PX_PER_MS + BOTTOM_PX)
    width = COLUMN_PX * len(traces)
    body: list[str] = []
    for number, trace in enumerate(traces):
        body.append(f'<g transform="translate({number * COLUMN_PX} 0)">')
        body += _trace(trace, height, translate)
        body.append("</g>")
    body += _legend(height, translate)
    body.append(_text(20, height - 14, translate(caption), size=12, colour="#5A6472"))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif">',
            f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>',
            *body,
            "</svg>\n",
        ]
    )


def _trace(trace: ExchangeTrace, height: int, translate: Translate) -> Iterator[str]:
    bottom = height - BOTTOM_PX
    yield _text(SERVER_X - 50, 30, translate(trace.title), size=18, weight="bold")
    for x, name in ((SERVER_X, "server"), (CLIENT_X, "client"), (GAME_X, "the game reads")):
        yield _text(x, TOP_PX - 22, translate(name), size=13, anchor="middle")
        yield _line(x, TOP_PX - 14, x, bottom, FAINT if x == GAME_X else INK, width=1.5)
    for ms in range(0, round((bottom - TOP_PX) / PX_PER_MS), 50):
        y = _y(ms / MS) + 4
        yield _text(SERVER_X - 12, y, f"{ms} ms", size=11, colour="#5A6472", anchor="end")
    for arrow in trace.arrows:
        yield from _arrow(arrow)
    usual_s = min(delivery.age_s for delivery in trace.deliveries)
    for labels, at, ages_s in _deliveries(trace):
        is_late = max(ages_s) > 1.5 * usual_s
        colour = COLOURS[PacketOutcome.RESENT] if is_late else COLOURS[PacketOutcome.DELIVERED]
        yield f'<circle cx="{GAME_X}" cy="{_y(at):.1f}" r="5" fill="{colour}"/>'
        ages = " ".join(f"{age_s * MS:.0f}" for age_s in ages_s)
        words = f"{labels}: {translate(f'{ages} ms old')}"
        yield _text(GAME_X + 12, _y(at) + 4, words, colour=colour if is_late else INK)


def _deliveries(trace: ExchangeTrace) -> Iterator[tuple[str, float, list[float]]]:
    """Yield the deliveries of one moment together: labels, time, ages."""
    at_once: dict[float, list[int]] = {}
    for index, delivery in enumerate(trace.deliveries):
        at_once.setdefault(round(delivery.at, 6), []).append(index)
    for at, indices in at_once.items():
        labels = [trace.deliveries[index].label for index in indices]
        yield " ".join(labels), at, [trace.deliveries[index].age_s for index in indices]


def _arrow(arrow: Arrow) -> Iterator[str]:
    start_x, end_x = (SERVER_X, CLIENT_X) if arrow.is_down else (CLIENT_X, SERVER_X)
    start_y, end_y = _y(arrow.sent_at), _y(arrow.arrived_at)
    is_important = arrow.label or arrow.outcome is not PacketOutcome.DELIVERED
    colour = COLOURS[arrow.outcome] if is_important else FAINT
    if arrow.outcome is PacketOutcome.LOST:
        # A lost packet ends half way.
        end_x, end_y = (start_x + end_x) / 2, (start_y + end_y) / 2
        yield _text(end_x, end_y + 6, "✕", size=18, colour=colour, anchor="middle")
    dash = ' stroke-dasharray="5 3"' if arrow.outcome is PacketOutcome.SACK else ""
    yield _line(start_x, start_y, end_x, end_y, colour, width=2 if is_important else 1, more=dash)
    if arrow.label:
        yield _text(start_x + 6, start_y - 3, arrow.label, size=12, colour=colour, weight="bold")


def _legend(height: int, translate: Translate) -> Iterator[str]:
    x = 20.0
    for outcome, english in MEANINGS.items():
        meaning = translate(english)
        y = float(height - 40)
        yield _line(x, y, x + 24, y, COLOURS[outcome], width=3)
        yield _text(x + 30, y + 4, meaning, size=12)
        x += 60 + 7 * len(meaning)


def _y(seconds: float) -> float:
    return TOP_PX + seconds * MS * PX_PER_MS


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float, more: str = ""
) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"{more}/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'
    )
