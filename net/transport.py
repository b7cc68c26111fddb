"""The contract of a transport plugin, and how plugins are found.

A transport carries *messages* (bytes, 0 to a stated limit) between two peers over a ``Channel``.
It says in its ``Guarantees`` what its wire does; the session, the lagometer and the tests read
that instead of asking for names. To write one, subclass ``Transport`` and ``Channel``, name the
transport in the entry-point group ``jitterball.transports`` and run the suite that judges it::

    pytest tests/plugins --transport yours

This module knows no wire, no game and no screen. It does not know what a message means.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import ClassVar, NamedTuple, Protocol, Self

from net.errors import EncryptionUnavailable, TransportError

# Lanes of LATEST messages. A lane discards and replaces only within itself: with one lane for
# all, a pong a little late would die of a newer snapshot, and RTT would be measured on luck.
LANE_STATE = 0


LANE_PING = 1


LANE_EVENT = 2


LANES = (LANE_STATE, LANE_PING, LANE_EVENT)


# Larger than any snapshot of 40 players in the wordiest codec, small enough that a stranger
# cannot make us keep much for a message that is never finished.
MESSAGE_LIMIT_BYTES = 64 * 1024


class Delivery(Enum):
    """What the sender of a message asks for.

    ``RELIABLE``: it arrives once and in the order of sending among the reliable messages, or the
    channel closes with an error. ``LATEST``: it may be lost, and one that arrives after a newer
    one of its lane is discarded and counted; it never waits behind a lost one if the wire can
    help it.
    """

    RELIABLE = "reliable"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Guarantees:
    """What the wire of a transport does, as data.

    ``head_of_line_blocking``: one lost packet delays every message behind it.
    ``latest_may_be_lost``: a LATEST message that was sent may never arrive; where this is false
    only messages that could not be *sent* in time are replaced by newer ones.
    ``header_bytes``: what a small message costs over IPv4 beside its own bytes, from the IP
    header up, without Ethernet. ``supports_encryption``: its channels offer ``enable_encryption``, which the session
    uses where a password is set. ``supports_tls``: it heeds ``SocketOptions.tls``.
    """

    summary: str
    head_of_line_blocking: bool
    latest_may_be_lost: bool
    message_limit_bytes: int
    header_bytes: int
    supports_encryption: bool = False
    supports_tls: bool = False


class Address(NamedTuple):
    """A host (name, IPv4 or IPv6 without brackets) and a port; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TlsConfig:
    """How a stream is to be encrypted (RFC 8446).

    A listener shows ``certificate_pem`` and proves it by ``key_pem``. Who connects believes the
    certificate with this ``fingerprint`` (SHA-256 of its DER form) and no other; without one, what
    the system's authorities say of the host's name, or of ``host`` where the way to it leads
    through another address.
    """

    certificate_pem: bytes = b""
    key_pem: bytes = field(default=b"", repr=False)
    fingerprint: bytes = b""
    host: str = ""


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """What a caller may set on the sockets below a transport.

    ``send_buffer_bytes`` and ``receive_buffer_bytes`` are asked for with ``SO_SNDBUF`` and
    ``SO_RCVBUF`` (``None``: the transport's own choice); systems grant what they like, see
    ``Channel.buffers``. ``nagle`` leaves ``TCP_NODELAY`` off (RFC 896), a lesson and never a
    default; datagrams have no Nagle. With ``tls`` streams are encrypted; transports without
    streams take no notice of it.
    """

    send_buffer_bytes: int | None = None
    receive_buffer_bytes: int | None = None
    nagle: bool = False
    tls: TlsConfig | None = None


class Buffers(NamedTuple):
    """The socket buffers that the system granted, in bytes (Linux grants twice what is asked)."""

    send_bytes: int
    receive_bytes: int


@dataclass(frozen=True, slots=True)
class ChannelStats:
    """What went over a channel's wire since it was opened.

    ``sent`` and ``received`` count messages. ``lost`` counts messages or datagrams of the peer
    that never came, as the sequence numbers tell (always 0 over a stream); ``unacknowledged``
    those of ours that the peer never confirmed. ``stale`` came after a newer one of their lane,
    ``duplicate`` came twice, ``invalid`` broke the format; all three were dropped. ``replaced``
    LATEST messages were replaced by a newer one before they could leave. ``retransmitted`` counts
    messages or segments sent again. The ``wire_bytes`` hold every header from IP up, the
    ``payload_bytes`` only the messages.
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
    """What the owner of a channel implements; called in the event loop's thread.

    Callbacks and not a queue, in the manner of ``asyncio.Protocol``: a queue and a wake-up for
    every message would cost more than the wire.
    """

    def message_received(self, channel: "Channel", message: bytes, received_at: float) -> None:
        """Take a message that arrived at ``received_at`` (``time.perf_counter`` seconds)."""

    def channel_closed(self, channel: "Channel", error: TransportError | None) -> None:
        """Learn, exactly once, that the channel has ended.

        ``error`` is None when one end said goodbye, else what went wrong. No message follows.
        """


class Channel(ABC):
    """One conversation with one peer.

    All methods belong to the event loop's thread. A channel is an async context manager: leaving
    the block closes it.
    """

    transport: "Transport"
    peer: Address
    receiver: Receiver

    @abstractmethod
    def send(self, message: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send a message; never blocks, never awaits.

        What cannot leave now waits in a bounded outbox: a LATEST message is replaced there by a
        newer one of its ``lane``; too many RELIABLE ones close the channel with
        ``SendQueueOverflow``. On a channel that has ended nothing happens: ``channel_closed`` is
        the one place to learn of it. ``lane`` matters only to LATEST.

        Raises ``MessageTooLarge`` for more than ``guarantees.message_limit_bytes``.
        """

    @abstractmethod
    def stats(self) -> ChannelStats:
        """Return the counters so far; also after the end."""

    @abstractmethod
    def buffers(self) -> Buffers:
        """Return the socket buffers that the system granted."""

    def set_nagle(self, on: bool) -> None:  # noqa: B027
        """Turn Nagle's algorithm on or off (RFC 896); where the wire has none, nothing happens."""

    def enable_encryption(self, send_key: bytes, receive_key: bytes) -> None:
        """Encrypt and authenticate from now on, under keys of 32 bytes that the peer has too.

        Only where ``guarantees.supports_encryption``. The end that accepted the channel seals at
        once: the other has called this before it sent its last message. That one seals as soon as
        it has opened something sealed. From its own first sealed datagram on, an end hears nothing
        that is not sealed.

        Raises ``EncryptionUnavailable``.
        """
        raise EncryptionUnavailable(f"{self.transport.name} does not encrypt")

    @abstractmethod
    async def close(self) -> None:
        """Say goodbye and return when the channel has ended.

        Reliable messages already sent are given a short while (at most a second) to leave. Safe
        to call twice, after the end, and when cancelled: then the channel is aborted.
        """

    @abstractmethod
    def abort(self) -> None:
        """End the channel now, saying as little as the wire allows."""

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether the channel has ended: ``channel_closed`` was, or is about to be, called."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


# Called once for each new peer, before its first message; returns who shall receive from it.
AcceptCallback = Callable[[Channel], Receiver]


class Listener(ABC):
    """A place where peers arrive; an async context manager."""

    transport: "Transport"
    # Every address listened on, with the real port: several where a name has several addresses.
    addresses: tuple[Address, ...]

    @abstractmethod
    async def close(self) -> None:
        """Stop accepting, close every channel accepted here, and give the port back."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


class Transport(ABC):
    """A way to carry messages; what a plugin's entry point names (a class without arguments)."""

    name: ClassVar[str]
    guarantees: ClassVar[Guarantees]
    # Added to the one port number that people type, so that all transports can share it.
    port_offset: ClassVar[int] = 0

    @abstractmethod
    async def connect(
        self, address: Address, receiver: Receiver, options: SocketOptions = SocketOptions()
    ) -> Channel:
        """Open a channel; the receiver may be called before this returns.

        Waits as long as the system does: callers bound it with ``asyncio.timeout``. Cancelling
        leaves nothing behind.

        Raises ``ConnectError``.
        """

    @abstractmethod
    async def listen(
        self, address: Address, accept: AcceptCallback, options: SocketOptions = SocketOptions()
    ) -> Listener:
        """Accept peers at an address; the host ``""`` means every address, IPv4 and IPv6.

        Raises ``ListenError``.
        """


# Room for a burst of 10,000 small messages; a peer that is further behind on what must arrive will
# not catch up. Bytes as well as messages, or messages at their limit would be a gigabyte a peer.
RELIABLE_LIMIT_MESSAGES = 16 * 1024


RELIABLE_LIMIT_BYTES = 2 * 1024 * 1024
