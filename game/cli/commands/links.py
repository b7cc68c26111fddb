"""``jitterball links``: the presets for ``--link``, or what a recorded link did."""

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from game.cli.language import say
from game.cli.terminal.tables import print_table
from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile


def links(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE.link.json]", help="Describe this recorded link instead."),
    ] = None,
) -> None:
    """List the presets for --link; all values are one-way."""
    if file is not None:
        # Imported here: the presets need none of it.
        from game.cli.terminal.recording_table import describe_recording

        describe_recording(file)
        return
    table = Table(title="Links, one-way", box=box.SIMPLE_HEAD)
    table.add_column("name")
    table.add_column("direction")
    for heading in ("delay", "jitter", "loss", "burst", "rate", "queue"):
        table.add_column(heading, justify="right")
    for name, preset in PRESETS.items():
        for row, (direction, profile) in enumerate(_directions(preset)):
            table.add_row("" if row else name, direction, *_cells(profile))
    print_table(table, names=2)
    print(say("One value changed: --link wifi,loss=10%  One direction: --link lossy,up.loss=0%"))


def _directions(link: Link) -> list[tuple[str, LinkProfile]]:
    if link.up == link.down:
        return [("each way", link.up)]
    return [("up", link.up), ("down", link.down)]


def _cells(profile: LinkProfile) -> list[str]:
    rate_bps = profile.rate_bps
    return [
        f"{profile.delay_s * 1000:g} ms",
        f"± {profile.jitter_s * 1000:g} ms" if profile.jitter_s else "",
        f"{profile.loss_ratio * 100:g}%" if profile.loss_ratio else "",
        f"{profile.burst:g}" if profile.burst > 1 else "",
        f"{rate_bps / 1e6:g} Mbit/s" if rate_bps else "",
        f"{profile.queue_s * 1000:g} ms" if rate_bps else "",
    ]
