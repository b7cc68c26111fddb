"""Speed of the link models: ``python tests/bench/link_model.py`` prints JSON.

It measures processor time, so that other programs count little. The targets: the TCP model of one
game connection on the preset ``lossy`` runs at least 500 times as fast as real time. An hour of the
same game over the datagram model takes about a second.
"""

import argparse
import json
from heapq import merge
from time import process_time

from net.link.loss import PacketDrawStream
from net.link.packet_path import PacketPath
from net.link.presets import PRESETS
from net.link.tcp.endpoint import Side
from net.link.tcp.tcp_model import TcpPath

LINK = PRESETS["lossy"]
UP_HZ, DOWN_HZ, MESSAGE_BYTES = 60, 30, 64
UDP_PACKET_BYTES = 14 + 20 + 8 + MESSAGE_BYTES
SEED = 7
REPETITIONS = 3
TCP_SECONDS = 300
HOUR_S = 3600


def tcp_spent_s() -> float:
    """Return the processor time of one TCP connection that lasts ``TCP_SECONDS``."""
    up = ((tick / UP_HZ, Side.CLIENT) for tick in range(TCP_SECONDS * UP_HZ))
    down = ((tick / DOWN_HZ + 0.005, Side.SERVER) for tick in range(TCP_SECONDS * DOWN_HZ))
    began = process_time()
    path = TcpPath(LINK, SEED)
    for at, side in merge(up, down):
        path.write(at, side, MESSAGE_BYTES)
        path.advance(at)
    return process_time() - began


def datagrams_spent_s() -> float:
    """Return the processor time of an hour of datagrams, both ways."""
    began = process_time()
    for profile, direction, hz in ((LINK.up, "up", UP_HZ), (LINK.down, "down", DOWN_HZ)):
        path = PacketPath(profile, PacketDrawStream(SEED, direction))
        for tick in range(HOUR_S * hz):
            path.send(tick / hz, UDP_PACKET_BYTES)
    return process_time() - began


def main() -> None:
    """Print the best of a few repetitions, because noise only adds time."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    tcp_s = min(tcp_spent_s() for _ in range(REPETITIONS))
    datagrams_s = min(datagrams_spent_s() for _ in range(REPETITIONS))
    results = {
        "tcp_times_real_time": round(TCP_SECONDS / tcp_s),
        "tcp_us_per_message": round(tcp_s / (TCP_SECONDS * (UP_HZ + DOWN_HZ)) * 1e6, 2),
        "datagrams_hour_s": round(datagrams_s, 3),
    }
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
