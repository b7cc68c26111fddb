"""The layouts of datagrams: kinds, headers and sizes.  [pure]

``net/datagram/connection.py`` explains them.

Knows no connection and no state.
"""

from struct import Struct

from net.security.aead import TAG_BYTES

# The field's safe MTU: fits every path that people play over without IP fragments (the least
# IPv6 MTU is 1280).
DATAGRAM_LIMIT_BYTES = 1200

# Kinds of numbered datagrams. The sender's side is part of the kind, or a datagram thrown back at
# its sender would be taken for the peer's.
FROM_CLIENT = 0x40
FROM_SERVER = 0x80
ACKNOWLEDGE = 0x00
CLOSE = 0x01
RELIABLE = 0x02
LATEST = 0x10
FRAGMENT = 0x20
# Added to any of these: the body is encrypted, and it and the header are authenticated.
ENCRYPTED = 0x08
NUMBERED_KINDS = 0x40

# Kinds of the others, which open and move connections.
HELLO = 0x01
CHALLENGE = 0x02
RESPONSE = 0x03
ACCEPT = 0x04
RESET = 0x05
PATH_CHALLENGE = 0x06
PATH_RESPONSE = 0x07

# kind, connection id, sequence number, acknowledged number, ack bits
NUMBERED_HEADER = Struct(">B8sHHI")
HEADER_BYTES = NUMBERED_HEADER.size
# The tag is left free in all, so that sealing changes no size that a fragment was cut to.
BODY_LIMIT_BYTES = DATAGRAM_LIMIT_BYTES - HEADER_BYTES - TAG_BYTES

# index, count
FRAGMENT_HEADER = Struct(">BB")

# The first byte of a goodbye's body.
CLOSE_CLOSED = b"\x00"
CLOSE_ABORTED = b"\x01"

WIRE_MAGIC = b"JITR"
WIRE_VERSION = 1
ID_BYTES = 8
NONCE_BYTES = 8
COOKIE_BYTES = 16
TOKEN_BYTES = 8

# kind, magic, version, nonce; then zeros up to the limit
HELLO_HEADER = Struct(">B4sB8s")
# kind, nonce, connection id, cookie
CHALLENGE_LAYOUT = Struct(">B8s8s16s")
RESPONSE_LAYOUT = CHALLENGE_LAYOUT
# kind, connection id
ACCEPT_LAYOUT = Struct(">B8s")
RESET_LAYOUT = ACCEPT_LAYOUT
# kind, connection id, token
PATH_LAYOUT = Struct(">B8s8s")
