"""Packets of a capture, from a packet log: each as both ends of the link see it.  [pure]

A capture has two interfaces. A packet to the server is on ``client`` when it is sent, and on
``server`` when it arrives. A lost packet is only on the interface of its sender.

On ``server`` the server has another address, ``SERVER_ADDRESSES``. Each packet of a connection is
in the file twice, and Wireshark would take the second for a retransmission.
"""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from net.link.capture.ip_packet import Ends, encode_datagram, encode_segment
from net.link.packet_log import DropCause, Flow, PacketRecord
from net.link.tcp_segment import ResendCause
from net.transport import Address

__all__ = [
    "CLIENT_INTERFACE",
    "DROP_COMMENTS",
    "DUPLICATE_COMMENT",
    "INTERFACES",
    "RESEND_COMMENTS",
    "SERVER_ADDRESSES",
    "CapturedPacket",
    "captured_packets",
]

IpAddress = IPv4Address | IPv6Address

INTERFACES = ("client", "server")
CLIENT_INTERFACE, SERVER_INTERFACE = 0, 1

# Reserved for documentation (RFC 5737, RFC 3849), so no host has them.
SERVER_ADDRESSES: Mapping[int, IpAddress] = {
    4: IPv4Address("192.0.2.1"),
    6: IPv6Address("2001:db8::1"),
}

DROP_COMMENTS = {
    DropCause.LOSS: "lost on the link",
    DropCause.BURST: "lost on the link, in a burst of losses",
    DropCause.QUEUE: "dropped: the queue before the link was full",
}
RESEND_COMMENTS = {
    ResendCause.FAST: "sent again: acknowledgements showed the loss (fast retransmit)",
    ResendCause.RACK: "sent again: missing after the reordering window (RACK)",
    ResendCause.PROBE: "sent again: tail loss probe",
    ResendCause.TIMEOUT: "sent again: timeout",
}
DUPLICATE_COMMENT = "duplicated by the link"


class CapturedPacket(NamedTuple):
    """A packet on one interface. ``at`` is in seconds of the packet log's clock."""

    at: float
    interface: int
    data: bytes
    comment: str


def captured_packets(
    flow: Flow, record: PacketRecord, translate: Callable[[str], str] = str
) -> Iterator[CapturedPacket]:
    """Yield a packet as its sender's interface sees it, then once for each arrival.

    ``translate`` returns a comment in the language of the reader.
    """

    def joined(*comments: str) -> str:
        return "; ".join(translate(each) for each in comments if each)

    comment = RESEND_COMMENTS.get(record.resend, "")
    sender, receiver = (0, 1) if record.is_up else (1, 0)
    dropped = DROP_COMMENTS.get(record.drop, "")
    words = joined(comment, dropped)
    sent = _encode(_ends(flow, record.is_up, sender), record)
    yield CapturedPacket(record.sent_at, sender, sent, words)
    if not record.arrivals:
        return
    arrived = _encode(_ends(flow, record.is_up, receiver), record)
    for copy, at in enumerate(record.arrivals):
        words = joined(comment, DUPLICATE_COMMENT if copy else "")
        yield CapturedPacket(at, receiver, arrived, words)


def _encode(ends: Ends, record: PacketRecord) -> bytes:
    segment = record.segment
    if segment is None:
        return encode_datagram(ends, record.number, record.payload)
    # Bytes that the log does not have are zeros, so that the sequence numbers stay right.
    size_bytes = segment.end - segment.start - record.is_fin
    payload = record.payload.ljust(size_bytes, b"\0")
    return encode_segment(ends, record.number, segment, record.is_fin, payload)


def _ends(flow: Flow, is_up: bool, interface: int) -> Ends:
    client: IpAddress = ip_address(flow.client.host.partition("%")[0])
    server = SERVER_ADDRESSES[client.version]
    if interface == CLIENT_INTERFACE:
        server = _concrete(flow.server, client)
    if is_up:
        return Ends(client, flow.client.port, server, flow.server.port)
    return Ends(server, flow.server.port, client, flow.client.port)


def _concrete(server: Address, client: IpAddress) -> IpAddress:
    """Return the server's address; the client's own for a relay that listens on all addresses."""
    address: IpAddress = ip_address(server.host.partition("%")[0])
    return client if address.is_unspecified or address.version != client.version else address
