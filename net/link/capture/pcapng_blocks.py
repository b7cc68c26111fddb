"""Blocks of a pcapng capture file (draft-ietf-opsawg-pcapng).  [pure]"""

from struct import Struct, pack

__all__ = ["encode_header", "encode_interface", "encode_packet"]

_SECTION, _INTERFACE, _ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_UNKNOWN_LENGTH = -1

# A packet begins with its IPv4 or IPv6 header (LINKTYPE_RAW).
_LINKTYPE_RAW = 101

_OPTION_END, _OPTION_COMMENT, _OPTION_NAME, _OPTION_RESOLUTION = 0, 1, 2, 9
# Timestamps count units of 10 to the minus nine seconds.
_NANOSECONDS = b"\x09"

_PACKET = Struct("<IIIII")


def encode_header() -> bytes:
    """Return the block that begins a file: version 1.0, little-endian."""
    return _block(_SECTION, pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, _UNKNOWN_LENGTH))


def encode_interface(name: str) -> bytes:
    """Return the block of an interface. They are numbered from 0 in the order of the file."""
    options = [(_OPTION_NAME, name.encode()), (_OPTION_RESOLUTION, _NANOSECONDS)]
    return _block(_INTERFACE, pack("<HHI", _LINKTYPE_RAW, 0, 0) + _options(options))


def encode_packet(interface: int, at_ns: int, packet: bytes, comment: str = "") -> bytes:
    """Return the block of a packet that was seen ``at_ns`` nanoseconds after 1970."""
    size = len(packet)
    fields = _PACKET.pack(interface, at_ns >> 32, at_ns & 0xFFFF_FFFF, size, size)
    options = _options([(_OPTION_COMMENT, comment.encode())]) if comment else b""
    return _block(_ENHANCED_PACKET, fields + _padded(packet) + options)


def _block(kind: int, body: bytes) -> bytes:
    # The length stands at both ends, so that a reader can go backwards.
    length = len(body) + 12
    return pack("<II", kind, length) + body + pack("<I", length)


def _options(options: list[tuple[int, bytes]]) -> bytes:
    encoded = (pack("<HH", code, len(value)) + _padded(value) for code, value in options)
    return b"".join(encoded) + pack("<HH", _OPTION_END, 0)


def _padded(data: bytes) -> bytes:
    """Return ``data`` with zeros up to a multiple of four bytes."""
    return data + bytes(-len(data) % 4)
