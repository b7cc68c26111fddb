"""Flow of an IPv4 packet, by addresses, protocol and ports.  [pure]

The kernel link carries only IPv4. The packets come from the kernel, so checksums and lengths are
not checked.
"""

__all__ = ["TCP", "UDP", "flow_key"]

# IP protocol numbers.
TCP, UDP = 6, 17

_MIN_HEADER_BYTES = 20


def flow_key(packet: bytes, from_client: bool) -> bytes | None:
    """Return the key of the packet's flow, equal for both directions; None if it is not IPv4.

    Fragments after the first carry no ports. They have a flow of their own.
    """
    if len(packet) < _MIN_HEADER_BYTES or packet[0] >> 4 != 4:
        return None
    header_bytes = (packet[0] & 0x0F) * 4
    source, destination = packet[12:16], packet[16:20]
    protocol = packet[9]
    offset = int.from_bytes(packet[6:8], "big") & 0x1FFF
    if protocol in (TCP, UDP) and not offset:
        source += packet[header_bytes : header_bytes + 2]
        destination += packet[header_bytes + 2 : header_bytes + 4]
    ends = source + destination if from_client else destination + source
    return bytes([protocol]) + ends
