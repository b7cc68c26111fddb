"""The errors of the network code, as one tree.

    NetError
    ├── TransportError                what a transport plugin may raise or report
    │   ├── UnknownTransport          no installed plugin has that name
    │   ├── PluginLoadError           a plugin was found but could not be loaded
    │   │   └── MissingLibrary        it needs a package that is not installed
    │   ├── ConnectError              no channel was opened
    │   │   ├── ConnectRefused        nothing listens at the address
    │   │   ├── ConnectTimeout        the address did not answer in time
    │   │   ├── TlsError              the ends do not agree on TLS
    │   │   └── ResolveError          the host name could not be resolved
    │   ├── ListenError               the address could not be listened on
    │   │   ├── AddressInUse          another program listens on the port
    │   │   └── AddressNotAvailable   this computer does not have the address
    │   ├── ChannelLost               a channel ended without being closed
    │   │   ├── PeerReset             the peer, or its system, cut the channel
    │   │   ├── PeerTimeout           the peer was silent for too long
    │   │   ├── ProtocolError         the peer sent what the wire format does not allow
    │   │   └── SendQueueOverflow     the peer reads too slowly for the reliable messages to it
    │   └── MessageTooLarge           the caller's message is over the transport's limit
    ├── DecodeError                   the bytes are no value of the codec, or too large a one
    ├── EncryptionUnavailable         this computer lacks what encryption needs
    └── SessionError                  the two ends of a session do not agree
        └── SessionRefused            the server refused the client
            └── ServerRejected        the client refused the server

A transport plugin maps ``OSError`` and the errors of its libraries to these, with
``raise ... from``. The owner of a channel never sees an ``OSError``. ``net/system/sockets.py`` has
functions for the mapping.
"""

from enum import Enum

__all__ = [
    "AddressInUse",
    "AddressNotAvailable",
    "ChannelLost",
    "ConnectError",
    "ConnectRefused",
    "ConnectStage",
    "ConnectTimeout",
    "DecodeError",
    "EncryptionUnavailable",
    "ListenError",
    "MessageTooLarge",
    "MissingLibrary",
    "NetError",
    "PeerReset",
    "PeerTimeout",
    "PluginLoadError",
    "ProtocolError",
    "ResolveError",
    "SendQueueOverflow",
    "ServerRejected",
    "SessionError",
    "SessionRefused",
    "TlsError",
    "TransportError",
    "UnknownTransport",
]


class NetError(Exception):
    """Base of every error that the network code raises or reports."""


class TransportError(NetError):
    """Base of what a transport plugin may raise or report."""


class UnknownTransport(TransportError):
    """No installed plugin has the requested name."""


class PluginLoadError(TransportError):
    """A plugin's entry point was found, but loading it failed."""


class MissingLibrary(PluginLoadError):
    """A plugin needs a package that is not installed; the message says how to install it."""


class ConnectError(TransportError):
    """No channel was opened."""


class ConnectRefused(ConnectError):
    """The address answered that nothing listens there."""


class ConnectStage(Enum):
    """The stages of opening a connection, in this order.

    ``HANDSHAKE`` is the one of a transport's own protocol. ``HELLO`` is the session's.
    """

    LOOK_UP = "look-up"
    CONNECT = "connect"
    TLS = "TLS handshake"
    HANDSHAKE = "handshake"
    HELLO = "hello"


class ConnectTimeout(ConnectError):
    """The address did not answer in time; ``stage`` is what it left unanswered."""

    def __init__(self, text: str, stage: ConnectStage = ConnectStage.CONNECT) -> None:
        super().__init__(text)
        self.stage = stage


class TlsError(ConnectError):
    """The ends do not agree on TLS: only one end uses it, or the certificate is not accepted.

    Another attempt would fail too. Over a stream the channel may already be open when this is
    found out; then the channel ends with this error.
    """


class ResolveError(ConnectError):
    """The host name could not be resolved."""


class ListenError(TransportError):
    """The address could not be listened on."""


class AddressInUse(ListenError):
    """Another program listens on that port, or there is no such port: a next one may be free."""


class AddressNotAvailable(ListenError):
    """This computer does not have the address."""


class ChannelLost(TransportError):
    """A channel ended without being closed by either end."""


class PeerReset(ChannelLost):
    """The peer, or the system it ran on, cut the channel."""


class PeerTimeout(ChannelLost):
    """The peer was silent for longer than the transport waits."""


class ProtocolError(ChannelLost):
    """The peer sent what the wire format does not allow."""


class SendQueueOverflow(ChannelLost):
    """The peer reads too slowly: too many reliable messages wait to be sent to it."""


class MessageTooLarge(TransportError):
    """The caller's message is longer than the transport carries."""


class DecodeError(NetError):
    """The bytes are no value of the codec, or one that is too large or too deeply nested."""


class EncryptionUnavailable(NetError):
    """This computer lacks what encryption needs; the message says what to install."""


class SessionError(NetError):
    """The two ends of a session do not agree."""


class SessionRefused(SessionError):
    """The server refused the client.

    ``reason``: a value of ``net.session.messages.RefusalReason``, for programs.
    The message is for people.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class ServerRejected(SessionRefused):
    """The client refused the server, which lacks a proof or the encryption that the user wants."""
