"""Which conversation an IP packet belongs to, by its addresses, protocol and ports.  [pure]

Only IPv4, which is what the kernel link carries. Does not check what the kernel has made.
"""

TCP, UDP = 6, 17

_MIN_HEADER_BYTES = 20


def flow_key(packet: bytes, from_client: bool) -> bytes | None:
    """Return the same bytes for both directions of a conversation; None if it is not IPv4.

    Fragments after the first carry no ports, and fall into a flow of their own.
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
