"""Program that makes the recordings in this folder, over the kernel link with known parameters.

    sudo .venv/bin/python tests/net/link/recordings/make.py FOLDER [NAME ...] [--seconds 20]

Needs Linux and root. A server and ``jitterball record`` run in the two namespaces. Names after the
folder choose other recordings than those that are kept.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from net.link.kernel.kernel_link import KernelLink
from net.link.spec import parse_link

SECONDS = 20
RATE_HZ = 100
PORT = 7777
# Just before the middle, since a recording begins later than its program.
CHANGE_AT_RATIO = 0.45
# Far from the times at which timeouts resend, which are about 0.4, 0.9, 2.1 and 4.2 s after the
# last arrival. Else chance would decide whether the third timeout ends the silence.
HOLE_S = 3.0
START_S = 2.0

# The link of each recording, and the link that follows in its middle.
LINKS = {
    "calm": ("delay=12ms,jitter=1ms,loss=0.5%", None),
    "bursty": ("delay=25ms,loss=8%,burst=6", None),
    "hole": ("delay=20ms,loss=0.3%", "delay=20ms,loss=100%"),
    "wifi-crowded": ("wifi-crowded", None),
    "awful": ("awful", None),
    "changing": ("delay=15ms,loss=1%", "delay=60ms,loss=8%"),
}
KEPT = ("calm", "bursty", "hole")


def record(name: str, folder: Path, seed: int, seconds: int) -> None:
    """Record one link into ``folder`` for some seconds."""
    first, second = (each and parse_link(each) for each in LINKS[name])
    assert first is not None
    out = folder / f"{name}.link.json"
    out.unlink(missing_ok=True)
    with KernelLink(first, seed) as kernel:
        address = f"{kernel.server.address}:{PORT}"
        serve = f"serve --allow-record --no-http --port {PORT} --log-level warning"
        server = subprocess.Popen(
            _inside(kernel.server.name, serve.split()), stdout=subprocess.DEVNULL
        )
        try:
            time.sleep(START_S)
            options = f"--out {out} --seconds {seconds} --rate {RATE_HZ}"
            recorder = subprocess.Popen(
                _inside(kernel.client.name, ["record", address, *options.split()])
            )
            if second is not None:
                time.sleep(CHANGE_AT_RATIO * seconds)
                kernel.set_link(second)
                # A link that changes stays as it is; a hole ends.
                if second.up.loss_ratio == 1.0:
                    time.sleep(HOLE_S)
                    kernel.set_link(first)
            recorder.wait()
        finally:
            server.terminate()
            server.wait()


def _inside(namespace: str, command: list[str]) -> list[str]:
    """Return a command of jitterball that runs in a namespace, before all ordinary programs."""
    real_time = ["chrt", "--fifo", "5"]
    return ["ip", "netns", "exec", namespace, *real_time, sys.executable, "-m", "game", *command]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=KEPT)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    args = parser.parse_args()
    for number, wanted in enumerate(args.names):
        record(wanted, args.folder, 7 + number, args.seconds)
