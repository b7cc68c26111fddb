"""The contract between a transport plugin and the code that uses it.

A transport carries *messages*: bytes, from 0 up to a stated limit. It opens a ``Channel`` to each
peer. Its ``Guarantees`` state what the wire does (loss, order, overhead). The session, the
statistics and the tests read those and never ask for a transport's name.

To write a transport:

1. Subclass ``Transport``: a ``name``, ``guarantees``, ``connect`` and ``listen``.
2. Subclass ``Channel``: ``send``, ``stats``, ``buffers``, ``close``, ``abort``, ``closed``. Over a
   byte stream, subclass ``net.stream.channel.StreamChannel`` instead, which has all of these:
   ``plugins/tcp.py`` is complete in two short classes.
3. Subclass ``Listener``, or use ``net.stream.endpoints.listen_for_streams``.
4. Name the transport in the entry-point group ``jitterball.transports`` (``net/registry.py``).
5. Run the contract tests, which judge any transport by its guarantees::

       pytest tests/plugins --transport yours

``docs/plugins.md`` says what is easily missed, and has a template that installs.
``tests/plugins/example``, with threads and blocking sockets, is the first plugin to read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, NamedTuple, Protocol, Self

from net.errors import ConnectStage, EncryptionUnavailable, TransportError

__all__ = [
    "LANES",
    "LANE_EVENT",
    "LANE_PING",
    "LANE_STATE",
    "MESSAGE_LIMIT_BYTES",
    "RELIABLE_LIMIT_BYTES",
    "RELIABLE_LIMIT_MESSAGES",
    "AcceptCallback",
    "Address",
    "Buffers",
    "Channel",
    "ChannelStats",
    "Delivery",
    "Guarantees",
    "Listener",
    "Receiver",
    "SocketOptions",
    "TlsConfig",
    "Transport",
]

# Lanes of LATEST messages: game state and input, pings, events. A newer message discards and
# replaces older ones of its own lane only. With one lane for all, a newer snapshot would discard a
# late pong. The measured RTT would then contain only the pongs that came early.
LANE_STATE = 0
LANE_PING = 1
LANE_EVENT = 2
LANES = (LANE_STATE, LANE_PING, LANE_EVENT)

# Larger than any snapshot of 40 players in the larger codec, JSON. Small enough that an unfinished
# message of an unknown peer costs little memory.
MESSAGE_LIMIT_BYTES = 64 * 1024

# The largest port there is: 16 bits in UDP and TCP (RFC 768, RFC 9293).
PORT_MAX = 65535

# The limits of reliable messages that wait for one peer. Room for a burst of 10,000 small messages;
# a peer further behind will not catch up. The bytes are limited too: that many messages of the
# largest size would be a gigabyte.
RELIABLE_LIMIT_MESSAGES = 16 * 1024
RELIABLE_LIMIT_BYTES = 2 * 1024 * 1024

# Systems give up TCP's handshake after 20 to 130 s; nobody waits longer for a game. At a round trip
# of 4 s the longest stage, TLS over a lossy path, fits in.
STAGE_TIMEOUT_S = 20.0


class Delivery(Enum):
    """The delivery guarantee that the sender of a message asks for.

    ``RELIABLE``: the message arrives exactly once, in the order of sending among the reliable
    messages. If that is impossible, the channel closes with an error.

    ``LATEST``: the message may be lost. One that arrives after a newer one of its lane is discarded
    and counted as ``stale``. It waits for no lost message, unless the wire has
    ``head_of_line_blocking``.
    """

    RELIABLE = "reliable"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Guarantees:
    """The properties of a transport's wire, as data.

    ``summary``: one line for people.
    ``head_of_line_blocking``: one lost packet delays every message behind it.
    ``latest_may_be_lost``: a LATEST message that was sent may never arrive. If false, a LATEST
    message is lost only when a newer one replaces it before it is sent.
    ``message_limit_bytes``: the longest message.
    ``header_bytes``: the overhead of a small message over IPv4, from the IP header up, without
    Ethernet.
    ``supports_encryption``: channels implement ``Channel.enable_encryption``.
    ``supports_tls``: ``SocketOptions.tls`` is used.
    ``always_encrypts``: every channel uses TLS. Without ``SocketOptions.tls`` a listener makes a
    certificate, and a client asks ``SocketOptions.trust``.
    """

    summary: str
    head_of_line_blocking: bool
    latest_may_be_lost: bool
    message_limit_bytes: int
    header_bytes: int
    supports_encryption: bool = False
    supports_tls: bool = False
    always_encrypts: bool = False


class Address(NamedTuple):
    """A host and a port.

    ``host``: a name, an IPv4 address, or an IPv6 address without brackets.
    ``port``: 0 lets the system choose.
    """

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TlsConfig:
    """The TLS settings of a listener or of a client (RFC 8446).

    A listener needs ``certificate_pem`` and its private key ``key_pem``.

    A client with a ``fingerprint`` (SHA-256 of the certificate in DER form) accepts that one
    certificate. Without one it trusts the certificate authorities of the system, for the name
    ``host``, or for the connected host if ``host`` is empty. ``host`` differs from the connected
    host when a relay stands between.
    """

    certificate_pem: bytes = b""
    key_pem: bytes = field(default=b"", repr=False)
    fingerprint: bytes = b""
    host: str = ""


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """The socket settings that a caller may choose.

    ``send_buffer_bytes``, ``receive_buffer_bytes``: for ``SO_SNDBUF`` and ``SO_RCVBUF``. None
    leaves the choice to the transport. The system may grant another size, see ``Channel.buffers``.
    ``nagle``: leaves Nagle's algorithm on (RFC 896), for lessons. Datagrams have none.
    ``tls``: encrypts streams. A transport without ``supports_tls`` ignores it.
    ``page_offset``: web pages that the same host serves on a port this much above the listener's
    may connect. None: no web page may.
    ``stage_timeout_s``: the longest that each stage of ``Transport.connect`` may take, except the
    look-up of the name, which the system limits.
    ``on_stage``: called when a stage of ``Transport.connect`` starts.
    ``own_certificate``: of a listener that ``always_encrypts``, where ``tls`` is None.
    ``trust``: called by a client that ``always_encrypts``, where ``tls`` is None, with the address
    and the SHA-256 of the server's certificate. It raises ``TlsError`` to refuse the server.
    ``one_stream``: of a client; both ends send LATEST messages in the stream of the RELIABLE ones,
    for lessons. Only QUIC has a choice.
    ``tls_keylog``: the file to which a client appends the keys of its connections, for Wireshark.
    """

    send_buffer_bytes: int | None = None
    receive_buffer_bytes: int | None = None
    nagle: bool = False
    tls: TlsConfig | None = None
    page_offset: int | None = None
    stage_timeout_s: float = STAGE_TIMEOUT_S
    on_stage: Callable[[ConnectStage], None] | None = field(default=None, compare=False)
    own_certificate: TlsConfig | None = None
    trust: Callable[[Address, bytes], None] | None = field(default=None, compare=False)
    one_stream: bool = False
    tls_keylog: str = ""

    def enter(self, stage: ConnectStage) -> None:
        """Report that a stage of connecting starts."""
        if self.on_stage is not None:
            self.on_stage(stage)


class Buffers(NamedTuple):
    """The socket buffer sizes that the system granted (Linux reports twice what was asked)."""

    send_bytes: int
    receive_bytes: int


@dataclass(frozen=True, slots=True)
class ChannelStats:
    """The counters of a channel since it was opened.

    ``sent``, ``received``: messages.
    ``lost``: messages or datagrams of the peer that did not arrive, found by gaps in their sequence
    numbers. Always 0 over a stream.
    ``unacknowledged``: datagrams to the peer that it never acknowledged.
    ``stale``: arrived after a newer one of the lane, and were dropped.
    ``duplicate``: arrived a second time, and were dropped.
    ``invalid``: broke the wire format, and were dropped.
    ``replaced``: LATEST messages that a newer one replaced before they were sent.
    ``retransmitted``: messages or segments that were sent again.
    ``payload_bytes_*``: messages only. ``wire_bytes_*``: with every header from IP up.
    """

    sent: int = 0
    received: int = 0
    lost: int = 0
    unacknowledged: int = 0
    stale: int = 0
    duplicate: int = 0
    invalid: int = 0
    replaced: int = 0
    retransmitted: int = 0
    payload_bytes_sent: int = 0
    payload_bytes_received: int = 0
    wire_bytes_sent: int = 0
    wire_bytes_received: int = 0


class Receiver(Protocol):
    """The callbacks that the owner of a channel implements.

    They are called in the event loop's thread. As with ``asyncio.Protocol`` there is no queue: a
    queue and a wake-up for every message would take longer than the transport itself.
    """

    def message_received(self, channel: "Channel", message: bytes, received_at: float) -> None:
        """Handle a message that arrived at ``received_at``, in ``time.perf_counter`` seconds.

        The transport reads the clock when the event loop says that bytes are here, just before it
        reads them. So ``received_at`` does not contain the time that the program needs.
        """

    def channel_closed(self, channel: "Channel", error: TransportError | None) -> None:
        """Handle the end of the channel; called exactly once.

        ``error`` is None if one end closed it, else it says what went wrong. No message follows.
        """


class Channel(ABC):
    """A connection to one peer, over which messages are sent and received.

    All methods belong to the event loop's thread. A channel is an async context manager: leaving
    the block closes it.
    """

    transport: "Transport"
    peer: Address
    receiver: Receiver

    @abstractmethod
    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message. Never blocks and never awaits: a game tick cannot wait for a slow peer.

        What cannot be sent now waits in a bounded queue. There a newer LATEST message replaces an
        older one of its ``lane``. Too many RELIABLE messages close the channel with
        ``SendQueueOverflow``. ``lane`` has no meaning for RELIABLE.

        On a channel that has ended, nothing happens: ``channel_closed`` is the one place that
        reports the end.

        Raises ``MessageTooLarge`` if the message is over ``guarantees.message_limit_bytes``.
        """

    @abstractmethod
    def stats(self) -> ChannelStats:
        """Return the counters so far, also after the end."""

    @abstractmethod
    def buffers(self) -> Buffers:
        """Return the socket buffer sizes that the system granted."""

    @property
    def next_is_sure(self) -> bool:
        """True if the next LATEST message is sure to arrive, unless the channel ends.

        So it is where ``latest_may_be_lost`` is false and nothing waits to be sent. Then no newer
        message can replace it. A channel that does not know says false.
        """
        return False

    def set_nagle(self, on: bool) -> None:  # noqa: B027
        """Turn Nagle's algorithm on or off (RFC 896). No effect where the wire has none."""

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Encrypt and authenticate from now on, with two keys of 32 bytes.

        Call it only with ``guarantees.supports_encryption``. The peer uses the same keys, with the
        directions exchanged. The connecting end calls it before it sends the last message of the
        session's handshake, the accepting end when that message has arrived.

        The accepting end encrypts at once. The connecting end encrypts when it has decrypted
        something: only then does it know that the peer has the keys. From the first datagram that
        an end encrypts, it drops what is not encrypted.

        Raises ``EncryptionUnavailable`` if the transport or this computer cannot encrypt.
        """
        raise EncryptionUnavailable(f"{self.transport.name} does not encrypt")

    @abstractmethod
    async def close(self) -> None:
        """Close the channel and return when it has ended.

        Reliable messages that were sent get at most a second to arrive. May be called twice, and
        after the end. If it is cancelled, the channel is aborted.
        """

    @abstractmethod
    def abort(self) -> None:
        """End the channel now; tell the peer only what costs no waiting."""

    @property
    @abstractmethod
    def closed(self) -> bool:
        """True if the channel has ended: ``channel_closed`` was called, or is about to be."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()


# Called once for each accepted channel, before its first message. Returns its receiver.
AcceptCallback = Callable[[Channel], Receiver]


class Listener(ABC):
    """The server's end of a transport: accepts peers. An async context manager."""

    transport: "Transport"
    # Every address that is listened on, with the actual port. A host name may have several.
    addresses: tuple[Address, ...]

    @property
    def certificate_hashes(self) -> tuple[bytes, ...]:
        """The SHA-256 of the certificates that a page must name to connect; none for most."""
        return ()

    @abstractmethod
    async def close(self) -> None:
        """Stop accepting, close every channel that was accepted here, and free the port."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()


class Transport(ABC):
    """A way to carry messages. A plugin's entry point names a subclass without arguments."""

    name: ClassVar[str]
    guarantees: ClassVar[Guarantees]
    # Added to the port that people type, so that all transports of a server share one number.
    port_offset: int = 0

    @abstractmethod
    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel; ``receiver`` may be called before this returns.

        ``options`` limit each stage. Of several addresses of a name, the first that answers is
        used. Cancelling leaves no socket and no task behind.

        Raises ``ConnectError`` if no channel can be opened, as ``ConnectTimeout`` with the stage
        that took too long.
        """

    @abstractmethod
    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept peers at an address. The host ``""`` stands for every address, IPv4 and IPv6.

        Raises ``ListenError`` if the address cannot be listened on.
        """
