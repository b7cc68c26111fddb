"""The whole error tree of Jitterball's network code.

    NetError
    ├── TransportError                what a plugin may raise or report
    │   ├── UnknownTransport          no plugin has that name
    │   ├── BrokenPlugin              a plugin was found but could not be loaded
    │   ├── ConnectFailed             no channel came to be
    │   │   ├── ConnectRefused        the address answered: nobody listens there
    │   │   ├── ConnectTimeout        the address gave no answer in time
    │   │   ├── TlsFailed             the ends do not agree on TLS: only one wants it, or the
    │   │   │                         certificate is another; waiting mends nothing
    │   │   └── AddressUnknown        the host's name means nothing
    │   ├── ListenFailed              the address could not be listened on
    │   │   ├── AddressInUse          another program listens there
    │   │   └── AddressNotOurs        this machine has no such address
    │   ├── ChannelLost               a channel ended without a goodbye
    │   │   ├── PeerReset             the peer, or its system, cut the channel
    │   │   ├── PeerVanished          the peer has not been heard for too long
    │   │   ├── BadBytes              the peer broke the wire format
    │   │   └── OutboxOverflow        the peer reads too slowly for what must arrive
    │   └── MessageTooLarge           the caller's message exceeds the transport's limit
    ├── DecodeError                   bytes that are no value, or too big or deep a one
    ├── CannotEncrypt                 this computer lacks what encrypting needs
    └── SessionError                  the two ends do not agree
        └── Refused                   the server said no, and why

A plugin maps ``OSError`` and its library's errors to these at its edge, with ``raise ... from``;
whoever uses a channel never meets an ``OSError``.
"""


class NetError(Exception):
    """Base of every error that the network code raises or reports."""


class TransportError(NetError):
    """Base of what a transport plugin may raise or report."""


class UnknownTransport(TransportError):
    """No installed plugin has the name that was asked for."""


class PluginLoadError(TransportError):
    """A plugin's entry point was found, but loading it failed."""


class ConnectError(TransportError):
    """No channel came to be."""


class ConnectRefused(ConnectError):
    """The address answered that nobody listens there."""


class ConnectTimeout(ConnectError):
    """The address gave no answer in time."""


class TlsError(ConnectError):
    """The ends do not agree on TLS: only one speaks it, or its certificate is not the one meant.

    No waiting mends that. A channel over a stream may have been opened before it showed, and then
    ends with this.
    """


class ResolveError(ConnectError):
    """The host's name could not be resolved."""


class ListenError(TransportError):
    """The address could not be listened on."""


class AddressInUse(ListenError):
    """Another program listens on that port."""


class AddressNotAvailable(ListenError):
    """This machine has no such address."""


class ChannelLost(TransportError):
    """A channel ended without a goodbye."""


class PeerReset(ChannelLost):
    """The peer, or the system it ran on, cut the channel."""


class PeerTimeout(ChannelLost):
    """The peer has not been heard for longer than the transport waits."""


class ProtocolError(ChannelLost):
    """The peer sent what the wire format does not allow."""


class SendQueueOverflow(ChannelLost):
    """The peer reads too slowly: more reliable messages wait for it than may wait."""


class MessageTooLarge(TransportError):
    """The caller's message is longer than the transport carries."""


class DecodeError(NetError):
    """The bytes are no value of the codec, or one that is too big or too deep."""


class EncryptionUnavailable(NetError):
    """This computer lacks what encrypting needs; the message says what to install."""


class SessionError(NetError):
    """The two ends of a session do not agree."""


class SessionRefused(SessionError):
    """The server refused the client.

    ``reason`` is the machine's word for it (a value of ``net.session.RefusalReason``), the message
    is for people.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
