"""IP packets with TCP and UDP headers and right checksums.  [pure]

RFC 791 (IPv4), RFC 8200 (IPv6), RFC 768 (UDP), RFC 9293 (TCP), RFC 7323 (timestamps), RFC 2018
(SACK), RFC 1071 (checksum).
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from struct import pack

from net.link.tcp_segment import Block, Packet, PacketType

__all__ = ["Ends", "encode_datagram", "encode_segment"]

_TCP, _UDP = 6, 17
_HOP_LIMIT = 64
_DONT_FRAGMENT = 0x4000

_FIN, _SYN, _RST, _PSH, _ACK = 0x01, 0x02, 0x04, 0x08, 0x10
_FLAGS = {
    PacketType.SYN: _SYN,
    PacketType.SYN_ACK: _SYN | _ACK,
    PacketType.ORDINARY: _ACK,
    PacketType.RESET: _RST | _ACK,
}
# The model has no receive window. With a small one, Wireshark would report that it is full.
_WINDOW, _WINDOW_SCALE = 0xFFFF, 7
_SEGMENT_LIMIT_BYTES = 1460

# The SYN takes one sequence number: position 0 of the stream has number 1.
_FIRST = 1
_U32 = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Ends:
    """Sender and receiver of a packet, of one address family."""

    source: IPv4Address | IPv6Address
    source_port: int
    target: IPv4Address | IPv6Address
    target_port: int


def encode_datagram(ends: Ends, number: int, payload: bytes) -> bytes:
    """Return the IP packet of a UDP datagram. ``number`` is the IPv4 identification."""
    length = 8 + len(payload)
    header = pack("!HHHH", ends.source_port, ends.target_port, length, 0)
    # A checksum of 0 would mean that there is none (RFC 768).
    checksum = _transport_checksum(ends, _UDP, header + payload) or 0xFFFF
    return _with_ip_header(ends, number, _UDP, header[:6] + pack("!H", checksum) + payload)


def encode_segment(ends: Ends, number: int, segment: Packet, is_fin: bool, payload: bytes) -> bytes:
    """Return the IP packet of a TCP segment. ``payload`` has its bytes without the end mark."""
    is_opening = segment.kind in (PacketType.SYN, PacketType.SYN_ACK)
    flags = _FLAGS[segment.kind] | (_PSH if payload else 0) | (_FIN if is_fin else 0)
    options = _opening_options(segment) if is_opening else _options(segment)
    header = pack(
        "!HHIIBBHHH",
        ends.source_port,
        ends.target_port,
        0 if is_opening else _sequence_number(segment.start),
        _sequence_number(segment.ack) if flags & _ACK else 0,
        (20 + len(options)) // 4 << 4,
        flags,
        _WINDOW,
        0,
        0,
    )
    checksum = _transport_checksum(ends, _TCP, header + options + payload)
    header = header[:16] + pack("!H", checksum) + header[18:]
    return _with_ip_header(ends, number, _TCP, header + options + payload)


def _sequence_number(position: int) -> int:
    return (position + _FIRST) & _U32


def _opening_options(segment: Packet) -> bytes:
    """Return the options of a SYN: segment size, SACK, timestamps, window scale."""
    return (
        pack("!BBHBB", 2, 4, _SEGMENT_LIMIT_BYTES, 4, 2)
        + _timestamps(segment)
        + pack("!BBBB", 1, 3, 3, _WINDOW_SCALE)
    )


def _options(segment: Packet) -> bytes:
    """Return the options of a segment after the opening: timestamps, and SACK blocks if any."""
    options = pack("!BB", 1, 1) + _timestamps(segment)
    # A DSACK is the first block (RFC 2883, section 4).
    blocks: list[Block] = [] if segment.duplicate is None else [segment.duplicate]
    blocks += segment.sacks
    if blocks:
        options += pack("!BBBB", 1, 1, 5, 2 + 8 * len(blocks))
        for start, end in blocks:
            options += pack("!II", _sequence_number(start), _sequence_number(end))
    return options


def _timestamps(segment: Packet) -> bytes:
    """Return the timestamps option. Its clock ticks once a millisecond, as in Linux."""
    stamp, echo = (round(at * 1000.0) & _U32 for at in (segment.stamp, segment.echo))
    return pack("!BBII", 8, 10, stamp, echo)


def _with_ip_header(ends: Ends, number: int, protocol: int, body: bytes) -> bytes:
    addresses = ends.source.packed + ends.target.packed
    if ends.source.version == 6:
        return pack("!IHBB", 6 << 28, len(body), protocol, _HOP_LIMIT) + addresses + body
    fields = (0x45, 0, 20 + len(body), number & 0xFFFF, _DONT_FRAGMENT, _HOP_LIMIT, protocol)
    header = pack("!BBHHHBB", *fields)
    return header + pack("!H", _checksum(header + addresses)) + addresses + body


def _transport_checksum(ends: Ends, protocol: int, body: bytes) -> int:
    # The pseudo header: addresses, length and protocol. Zeros do not change the sum, so one layout
    # serves IPv4 and IPv6.
    pseudo = ends.source.packed + ends.target.packed + pack("!II", len(body), protocol)
    return _checksum(pseudo + body)


def _checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    # The ones' complement sum of 16-bit words is the number that they make, modulo 65,535. One
    # division in C is much faster than a loop.
    total = int.from_bytes(data + bytes(len(data) % 2)) % 0xFFFF
    return 0xFFFF - total
