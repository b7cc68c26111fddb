"""The wire format of datagram connections, version 1: byte tables, layouts and sizes.  [pure]

All numbers are big-endian. A datagram holds at most 1200 bytes of UDP payload.

Opening
=======

The server keeps no state until the cookie comes back. The cookie proves that the client receives
at the address it sends from (as in DTLS, RFC 9147, section 5.1). No reply is longer than what it
replies to, so the server cannot be used to amplify an attack with forged addresses.

    HELLO, client to server, 1200 bytes        CHALLENGE, server to client, 33 bytes
    offset  size  field                        offset  size  field
    0       1     kind 0x01                    0       1     kind 0x02
    1       4     "JITR"                       1       8     nonce of the hello
    5       1     version                      9       8     connection id, random
    6       8     nonce, random                17      16    cookie: HMAC-SHA-256, truncated,
    14      1186  zeros                                      under a secret that changes, of
                                                             address, nonce and connection id
    RESPONSE, client to server, 33 bytes
    kind 0x03, the rest as in the challenge    ACCEPT, server to client, 9 bytes
                                               0       1     kind 0x04
                                               1       8     connection id

Numbered datagrams
==================

Every datagram of an open connection has a sequence number, also one that only acknowledges. So
each datagram that the link drops leaves a gap that the receiver can count.

    offset  size  field
    0       1     kind: 0x40 from the client or 0x80 from the server, plus one of
                  0x00        acknowledgement, no body
                  0x01        close: body one byte, 0 closed, 1 aborted
                  0x02        reliable: segments, see below
                  0x10 + lane LATEST: the body is the message
                  0x20 + lane fragment of a LATEST message, see below
                  and plus 0x08 if the body is encrypted
    1       8     connection id
    9       2     sequence number, from 1, wrapping
    11      2     ack: the newest sequence number that arrived from the peer
    13      4     ack bitfield, bit n: whether number ack - 1 - n arrived too
    17      ...   body, at most 1167 bytes; if encrypted, 16 bytes of tag follow

    fragment      1 byte index, 1 byte count of fragments, a part of the message. The fragments of
                  a message have consecutive sequence numbers.
    segments      one or more of:
                  2 bytes segment number, wrapping
                  2 bytes: bit 15, whether the message continues in the next segment;
                  bits 0-14, length n
                  n bytes

A LATEST message is stale if a newer one of its lane, with a higher sequence number, was delivered.
An end that receives a close answers with a close. An end that gets no answer repeats its close a
few times.

Migration and reset
===================

    RESET, server to client, 9 bytes: kind 0x05, connection id. The answer to a numbered datagram
    whose connection id the server does not know, for instance after a restart (as QUIC's
    stateless reset, RFC 9000, section 10.3). The client ends the connection at once.

    PATH_CHALLENGE, server to client, and PATH_RESPONSE, client to server, 17 bytes: kind 0x06 or
    0x07, connection id, 8 bytes of token. A known connection id came from another address: a NAT
    forgot its mapping, or a laptop changed its Wi-Fi. The connection moves there when the token
    has come back from it (as in RFC 9000, section 8.2).

Probes
======

A client records the path with probes (``net/datagram/path_recording.py``), if the server allows
it. They are datagrams of an open connection, but not numbered ones: copies and late ones must be
seen. An address that the connection has not moved to gets no answer. Times are seconds as a double.

    PROBE_START, client to server, 15 bytes    PROBE_STATUS, server to client, 10 bytes
    offset  size  field                        offset  size  field
    0       1     kind 0x30                    0       1     kind 0x31
    1       8     connection id                1       8     connection id
    9       2     rate, probes a second        9       1     0 started, 1 not allowed, 2 busy,
    11      2     size of a probe in bytes                   3 out of range
    13      2     seconds

    PROBE_UP and PROBE_DOWN, 21 to 1200 bytes  PROBE_RECEIPTS_REQUEST, client to server, 13 bytes
    0       1     kind 0x32 up, 0x33 down      0       1     kind 0x34
    1       8     connection id                1       8     connection id
    9       4     number, from 0               9       4     index of the first receipt
    13      8     time of sending
    21      ...   zeros

    PROBE_RECEIPTS, server to client
    0       1     kind 0x35
    1       8     connection id
    9       4     count of all receipts
    13      4     index of the first one here
    17      4     count of probes that the server sent
    21      4     how late the server sent them, 99th percentile in seconds, a float
    25      ...   receipts of 12 bytes: number of the probe, time of its arrival

    A request for receipts ends the server's sending.

Encryption
==========

Used if a password is set. The session's handshake makes the keys (``enable_encryption``).

    cipher        ChaCha20-Poly1305 (RFC 8439), one key for each direction
    plaintext     the body
    unencrypted   the header, 17 bytes; it is authenticated together with the body
    nonce         4 zero bytes, then the sequence number as 8 bytes. It is the whole number, of
                  which the header carries the low 16 bits, so no nonce is used twice with one key.
    replay        a number that has arrived, or is 1,024 or more behind the newest, is dropped

    from when     The server encrypts from the moment it has checked the client's proof, and drops
                  what is not encrypted from then on. The client does both once it has decrypted a
                  datagram. So an observer can read the opening, the session's hello, challenge,
                  proof and refusal, and what is acknowledged meanwhile. It cannot read welcome,
                  inputs, snapshots, events, pings and closes.
    never         RESET, PATH_CHALLENGE, PATH_RESPONSE and probes are not encrypted; they carry
                  nothing of the application. An encrypted connection challenges a path only after
                  a datagram from there that could be decrypted.

Limits
======

A peer can make this end keep 600 KB of segments that came early, and 64 KB of each unfinished
message (one reliable, one LATEST for each lane). What waits for a peer is limited by
``RELIABLE_LIMIT_MESSAGES`` and ``RELIABLE_LIMIT_BYTES`` of ``net/transport.py``.

This format does not:

- authenticate without encryption: an observer on the path can read, forge and end everything, an
  attacker elsewhere must guess 64 random bits;
- protect an encrypted connection from an observer that ends it (by RESET, as a TCP connection by
  RST), nor hide when, how much and to whom is sent;
- use IP fragments or search for a larger MTU;
- pace LATEST messages or adapt their rate to the path;
- send keep-alives: the session pings;
- count losses of the opening, nor those after the last datagram that arrived.
"""

from struct import Struct

from net.security.aead import TAG_BYTES

# Small enough to pass without IP fragments. The minimum IPv6 MTU is 1280 bytes (RFC 8200, section
# 5), of which IPv6 and UDP headers take 48.
DATAGRAM_LIMIT_BYTES = 1200

# Kinds of numbered datagrams. The sender's side is part of the kind. Otherwise an attacker could
# send a datagram back to its sender, which would take it for the peer's.
FROM_CLIENT = 0x40
FROM_SERVER = 0x80
ACKNOWLEDGE = 0x00
CLOSE = 0x01
RELIABLE = 0x02
LATEST = 0x10
FRAGMENT = 0x20
# Added to any of these: the body is encrypted, and it is authenticated together with the header.
ENCRYPTED = 0x08
# All of these kinds are below this, without the sender's side.
NUMBERED_KINDS = 0x40

# Kinds of unnumbered datagrams, which open and move connections.
HELLO = 0x01
CHALLENGE = 0x02
RESPONSE = 0x03
ACCEPT = 0x04
RESET = 0x05
PATH_CHALLENGE = 0x06
PATH_RESPONSE = 0x07

# Kinds of probes.
PROBE_START = 0x30
PROBE_STATUS = 0x31
PROBE_UP = 0x32
PROBE_DOWN = 0x33
PROBE_RECEIPTS_REQUEST = 0x34
PROBE_RECEIPTS = 0x35
PROBE_KINDS_TO_SERVER = (PROBE_START, PROBE_UP, PROBE_RECEIPTS_REQUEST)
PROBE_KINDS_TO_CLIENT = (PROBE_STATUS, PROBE_DOWN, PROBE_RECEIPTS)

# kind, connection id, sequence number, ack, ack bitfield
NUMBERED_HEADER = Struct(">B8sHHI")
HEADER_BYTES = NUMBERED_HEADER.size
# The tag's room is left free without encryption too, so that enabling encryption changes no size
# that a waiting message was already split for.
BODY_LIMIT_BYTES = DATAGRAM_LIMIT_BYTES - HEADER_BYTES - TAG_BYTES

# segment number, continuation bit and length
SEGMENT_HEADER = Struct(">HH")
# index, count
FRAGMENT_HEADER = Struct(">BB")

# The body of a close.
CLOSE_CLOSED = b"\x00"
CLOSE_ABORTED = b"\x01"

WIRE_MAGIC = b"JITR"
WIRE_VERSION = 1
ID_BYTES = 8
NONCE_BYTES = 8
COOKIE_BYTES = 16
TOKEN_BYTES = 8

# kind, magic, version, nonce; zeros up to the limit follow
HELLO_HEADER = Struct(">B4sB8s")
# kind, nonce, connection id, cookie
CHALLENGE_LAYOUT = Struct(">B8s8s16s")
RESPONSE_LAYOUT = CHALLENGE_LAYOUT
# kind, connection id
ACCEPT_LAYOUT = Struct(">B8s")
RESET_LAYOUT = ACCEPT_LAYOUT
# kind, connection id, token
PATH_LAYOUT = Struct(">B8s8s")
# kind, connection id, rate, size, seconds
PROBE_START_LAYOUT = Struct(">B8sHHH")
# kind, connection id, status
PROBE_STATUS_LAYOUT = Struct(">B8sB")
# kind, connection id, number, time of sending
PROBE_LAYOUT = Struct(">B8sId")
# kind, connection id, index of the first receipt
PROBE_RECEIPTS_REQUEST_LAYOUT = Struct(">B8sI")
# kind, connection id, count of receipts, index of the first one here, probes sent, lateness
PROBE_RECEIPTS_HEADER = Struct(">B8sIIIf")
# number, time of arrival
PROBE_RECEIPT = Struct(">Id")
