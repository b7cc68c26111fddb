"""``jitterball diagram``: a time-sequence diagram of one lost packet, from the link model."""

from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from game.cli.options.numbers import number_option
from game.lab.diagram.lost_packet import trace_tcp, trace_udp
from game.lab.diagram.sequence_diagram import draw


def diagram(
    out: Annotated[Path, typer.Option(help="The SVG file to write.")] = Path("lost-packet.svg"),
    delay_ms: Annotated[float, number_option(1.0, 500.0, "One-way delay.")] = 25.0,
    lost: Annotated[int, number_option(0, 20, "Number of the lost snapshot.")] = 3,
    count: Annotated[int, number_option(2, 60, "Number of snapshots.")] = 9,
) -> None:
    """Draw what one lost packet does to the snapshots over TCP and over UDP.

    The server sends 30 snapshots per second and the client its inputs. The link loses one packet.
    """
    if lost >= count:
        raise CliError(f"--lost {lost}: of {count} snapshots the last is number {count - 1}")
    traces = [trace(delay_ms / 1000, lost, count) for trace in (trace_tcp, trace_udp)]
    caption = (
        f"{delay_ms:g} ms each way, 30 snapshots per second, snapshot {lost} lost once; "
        "drawn by `jitterball diagram`"
    )
    try:
        out.write_text(draw(traces, caption, say), encoding="utf-8")
    except OSError as error:
        raise CliError(f"cannot write {out}: {error.strerror}") from error
    print(say(f"wrote {out}"))
