"""Settings of one game client."""

from dataclasses import dataclass, field

from game.client.netcode import NetcodeSettings
from game.protocol.messages import JoinRequest
from net.link.label import ENGLISH_LINK_WORDS, LinkWords
from net.security.options import SecurityOptions
from net.transport import Address, SocketOptions


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Server address, join request, and options of a client.

    ``address``: the server with its base port, to which each transport adds its offset.
    ``relay``: the base address of a link emulator in front of the same server, or None.
    ``link_label``: a short description of that link for the screen.
    ``link_words``: those of the label of a link that the server emulates.
    """

    address: Address
    join: JoinRequest
    codec: str = "msgpack"
    netcode: NetcodeSettings = field(default_factory=NetcodeSettings)
    sockets: SocketOptions = field(default_factory=SocketOptions)
    link_label: str = ""
    relay: Address | None = None
    security: SecurityOptions = field(default_factory=SecurityOptions)
    link_words: LinkWords = ENGLISH_LINK_WORDS

    @property
    def connect_address(self) -> Address:
        """The base address to which connections are opened."""
        return self.relay or self.address
