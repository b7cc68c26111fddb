"""Captures for ``tshark``, and their fields as it reads them."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from net.link.capture.packets_from_log import INTERFACES, captured_packets
from net.link.capture.pcapng_blocks import encode_header, encode_interface, encode_packet
from net.link.packet_log import Flow, PacketRecord

TSHARK = shutil.which("tshark")

needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")


def write_capture(file: Path, flow: Flow, records: list[PacketRecord]) -> Path:
    """Write the packets of a flow, as both of its ends see them; return the file."""
    packets = [packet for record in records for packet in captured_packets(flow, record)]
    packets.sort(key=lambda packet: packet.at)
    content = encode_header() + b"".join(encode_interface(name) for name in INTERFACES)
    for packet in packets:
        content += encode_packet(
            packet.interface, round(packet.at * 1e9), packet.data, packet.comment
        )
    file.write_bytes(content)
    return file


def fields(
    capture: Path, display_filter: str, *names: str, options: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """Return the fields of the packets that pass a display filter; several values have commas."""
    command = [TSHARK or "tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "header=y"]
    command += ["-E", "separator=,", "-E", "quote=d", *options]
    if display_filter:
        command += ["-Y", display_filter]
    for name in names or ("frame.number",):
        command += ["-e", name]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Lua" not in result.stderr, result.stderr
    return list(csv.DictReader(result.stdout.splitlines()))
