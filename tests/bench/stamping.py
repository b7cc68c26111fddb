"""Benchmark of arrival timestamps while the window draws: ``python tests/bench/stamping.py``.

Another process sends datagrams over loopback, each with its sending time. The game's own UDP
transport stamps them, in the network thread of a real comparison of three clients. Meanwhile the
main thread draws that comparison with everything on, at 60 Hz. Arrival time minus sending time is
the error of every measured latency.

Two other cases run in turn: without drawing (the delay of this computer and its other programs),
and drawing with another switch interval, by default Python's own of 5 ms. Prints JSON.

Both processes must read the same clock, as ``perf_counter`` is on Linux.
"""

import argparse
import asyncio
import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

sys.path.insert(0, str(Path(__file__).parents[2]))

from net.registry import load_transport
from net.system import event_loop
from net.transport import Address, Channel, Delivery, Receiver
from tests.bench.comparison import FRAME_S, WARM_UP_S, drawn_comparison
from tests.bench.machine import describe, go_before_others

P99_BAR_MS = 1.0
# A little more than three clients receive with 30 snapshots and 10 pongs a second each.
SENT_HZ = 150
_STAMP = struct.Struct("!d")


class Stamps(Receiver):
    """Receiver that records the delay of each datagram's timestamp while ``is_counting``."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.is_counting = False
        self.port: int | None = None

    def message_received(self, channel: Channel, message: bytes, received_at: float) -> None:
        if self.is_counting:
            self.late_ms.append((received_at - _STAMP.unpack(message)[0]) * 1000.0)

    def channel_closed(self, channel: Channel, error: Exception | None) -> None:
        pass

    async def listen(self) -> None:
        transport = load_transport("udp")
        async with await transport.listen(Address("127.0.0.1", 0), lambda _: self) as listener:
            self.port = listener.addresses[0].port
            await asyncio.Event().wait()


def main() -> None:
    """Print the results; exit with code 1 if the p99 while drawing is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each way, in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--interval-ms", type=float, default=5.0, help="of the third case")
    parser.add_argument("--first", action="store_true", help="go before other programs (root)")
    parser.add_argument("--send-to", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.first:
        go_before_others()
    if args.send_to is not None:
        event_loop.run(send_for_ever(args.send_to))
        return
    machine = describe()
    stamps = Stamps()
    late_ms: dict[str, list[float]] = {"drawing": [], "idle": [], "drawing_other_interval": []}
    with drawn_comparison(stamps.listen) as comparison, sending_to(stamps):
        draw = comparison.draw
        collect(stamps, WARM_UP_S, draw)
        for _ in range(args.rounds):
            late_ms["drawing"] += collect(stamps, args.seconds, draw)
            late_ms["idle"] += collect(stamps, args.seconds, lambda: None)
            ours_s = sys.getswitchinterval()
            sys.setswitchinterval(args.interval_ms / 1000)
            late_ms["drawing_other_interval"] += collect(stamps, args.seconds, draw)
            sys.setswitchinterval(ours_s)
    results = {name: summary(late) for name, late in late_ms.items()}
    passed = results["drawing"]["p99_ms"] < P99_BAR_MS
    print(
        json.dumps(
            {"machine": machine, **results, "p99_bar_ms": P99_BAR_MS, "passed": passed}, indent=2
        )
    )
    sys.exit(0 if passed else 1)


def collect(stamps: Stamps, seconds: float, draw: Callable[[], None]) -> list[float]:
    """Draw at 60 Hz for some seconds, and return the timestamp delays of that time."""
    stamps.late_ms, stamps.is_counting = [], True
    began = perf_counter()
    frame = 0
    while perf_counter() - began < seconds:
        draw()
        frame += 1
        sleep(max(0.0, began + frame * FRAME_S - perf_counter()))
    stamps.is_counting = False
    return stamps.late_ms


@contextmanager
def sending_to(stamps: Stamps) -> Iterator[None]:
    """Run the sending process inside the block."""
    while stamps.port is None:
        sleep(0.01)
    command = [sys.executable, __file__, "--send-to", str(stamps.port)]
    with subprocess.Popen(command) as sender:
        # Its imports take a while.
        stamps.is_counting = True
        while not stamps.late_ms:
            sleep(0.01)
        yield
        sender.kill()


async def send_for_ever(port: int) -> None:
    """Send the present time ``SENT_HZ`` times a second."""
    transport = load_transport("udp")
    async with await transport.connect(Address("127.0.0.1", port), Stamps()) as channel:
        while True:
            channel.send(_STAMP.pack(perf_counter()), Delivery.LATEST)
            await asyncio.sleep(1 / SENT_HZ)


def summary(late_ms: list[float]) -> dict[str, float]:
    """Return count, median, 99th percentile and maximum of the delays."""
    return {
        "datagrams": len(late_ms),
        "median_ms": round(median(late_ms), 3),
        "p99_ms": round(quantiles(late_ms, n=100)[98], 3),
        "max_ms": round(max(late_ms), 3),
    }


if __name__ == "__main__":
    main()
