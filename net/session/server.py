"""Server end of a session: one hello, an optional challenge, one welcome or refusal.  [pure]

A challenge is sent when a password is set, or when the client wants its slot back. Until the
client is authenticated, the session reads only the one message type that must come next.
"""

from dataclasses import dataclass, replace

from net.codec import MSGPACK, Codec
from net.errors import SessionRefused
from net.security.aead import PRIVATE_KEY_BYTES, KeyPair
from net.security.proofs import (
    NONCE_BYTES,
    direction_keys,
    server_password_proof,
    transcript_hash,
)
from net.session.authenticator import Authenticator
from net.session.messages import (
    EVENT_HEADER,
    PROTOCOL_VERSION,
    UNNUMBERED,
    Challenge,
    Hello,
    MessageType,
    RefusalReason,
    SessionEvent,
    Welcome,
    decode_hello,
    decode_proof,
    decode_version,
    encode_challenge,
    encode_refusal,
    encode_welcome,
    hello_codec,
)
from net.session.session import Clock, EnableEncryption, ReceivedMessage, Send, Session
from net.sync.clock_filter import ClockFilter
from net.transport import LANE_EVENT, LANE_STATE, Delivery

__all__ = ["ServerSession"]


@dataclass(frozen=True, slots=True)
class _PendingChallenge:
    """State kept between a challenge and its proof.

    Both messages are kept as bytes, because the proof covers them as they were sent.
    """

    hello: Hello
    hello_message: bytes
    challenge_message: bytes
    token: str | None
    keys: KeyPair | None


class ServerSession(Session):
    """The server's end of a session.

    The client of a ``Hello`` that ``message_received`` returns is authenticated. The method raises
    ``SessionRefused`` if the client is refused; the refusal has been sent.

    ``authenticator`` verifies proofs. Without one, every client is new and none is challenged.
    ``network`` is the client network (``net.security.client_network.client_network``) that failed
    attempts are counted for.
    ``enable_encryption`` is None where the channel cannot encrypt.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        ping_interval_s: float,
        *,
        authenticator: Authenticator | None = None,
        network: str = "",
        enable_encryption: EnableEncryption | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._authenticator = authenticator
        self._network = network
        self._enable_encryption = enable_encryption
        # That of the hello, once there is one. Nothing is encoded before.
        self._codec: Codec = MSGPACK
        # Until the client is authenticated, only the message that must come next is read.
        self._expected_type = MessageType.HELLO
        self._pending_challenge: _PendingChallenge | None = None
        self._password_proof = b""

    def welcome(self, welcome: Welcome) -> None:
        """Accept the client."""
        message = encode_welcome(replace(welcome, password_proof=self._password_proof), self._codec)
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def refuse(self, reason: RefusalReason, text: str) -> SessionRefused:
        """Send a refusal and return it as an exception. The caller closes the channel."""
        self._send(encode_refusal(reason.value, text), Delivery.RELIABLE, LANE_STATE)
        return SessionRefused(reason, text)

    def send_event(self, event: SessionEvent) -> None:
        """Send a numbered event."""
        message = EVENT_HEADER.pack(MessageType.EVENT, event.number) + event.body
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def send_unreliable_event(self, body: bytes) -> None:
        """Send an event without a number, which may be lost."""
        message = EVENT_HEADER.pack(MessageType.EVENT, UNNUMBERED) + body
        self._send(message, Delivery.LATEST, LANE_EVENT)

    def _on_handshake_message(self, message_type: int, message: bytes) -> ReceivedMessage | None:
        if message_type != self._expected_type:
            return super()._on_handshake_message(message_type, message)
        if message_type == MessageType.PROOF:
            return self._on_proof(message)
        return self._on_hello(message)

    def _on_hello(self, message: bytes) -> Hello | None:
        # The version is read alone: another version may lay out everything behind it differently.
        version = decode_version(message)
        if version != PROTOCOL_VERSION:
            raise self.refuse(
                RefusalReason.WRONG_VERSION,
                f"the server speaks version {PROTOCOL_VERSION} and the client {version}: "
                f"update the {'client' if version < PROTOCOL_VERSION else 'server'}",
            )
        codec = hello_codec(message)
        if codec is None:
            raise self.refuse(
                RefusalReason.BAD_CODEC,
                "behind its version a hello is an array, in JSON (it begins with '[') or msgpack",
            )
        self._codec = codec
        hello = decode_hello(message, codec)
        authenticator = self._authenticator
        token = authenticator.token(hello.slot_id) if authenticator and hello.slot_id else None
        if token is None:
            # The slot has expired, or belongs to an earlier run of the server. That is no
            # failure: the client is treated as a new one.
            hello = replace(hello, slot_id="")
        if authenticator is not None and (authenticator.requires_password or token is not None):
            self._send_challenge(authenticator, hello, message, token)
            return None
        self._expected_type = None
        return hello

    def _send_challenge(
        self, authenticator: Authenticator, hello: Hello, message: bytes, token: str | None
    ) -> None:
        keys = None
        # Keys are agreed on only with a password. Without a shared secret a key exchange
        # authenticates nobody, and a man in the middle could run one with each end.
        if authenticator.requires_password and self._enable_encryption is not None:
            keys = KeyPair(authenticator.rng.randbytes(PRIVATE_KEY_BYTES))
        challenge = encode_challenge(
            Challenge(
                authenticator.rng.randbytes(NONCE_BYTES),
                authenticator.salt,
                authenticator.requires_password,
                keys.public_bytes if keys else b"",
            ),
            self._codec,
        )
        self._pending_challenge = _PendingChallenge(hello, message, challenge, token, keys)
        self._expected_type = MessageType.PROOF
        self._send(challenge, Delivery.RELIABLE, LANE_STATE)

    def _on_proof(self, message: bytes) -> Hello:
        authenticator, pending = self._authenticator, self._pending_challenge
        assert authenticator is not None
        assert pending is not None
        proof = decode_proof(message, self._codec)
        transcript = transcript_hash(
            pending.hello_message, pending.challenge_message, proof.public_key
        )
        refusal = authenticator.verify(
            proof, transcript, pending.token, self._network, self._clock()
        )
        if refusal is not None:
            raise self.refuse(refusal.reason, refusal.text)
        # Only now: a server proof sent to a client that failed would be material for guessing.
        if authenticator.requires_password:
            self._password_proof = server_password_proof(authenticator.key, transcript)
        if pending.keys is not None and self._enable_encryption is not None:
            shared_secret = pending.keys.shared_secret(proof.public_key)
            keys = direction_keys(shared_secret, authenticator.key, transcript)
            self._enable_encryption(keys.to_client, keys.to_server)
        self._expected_type = self._pending_challenge = None
        return pending.hello
