"""net/session/server.py."""

from dataclasses import dataclass, replace

from net.codec import CODECS
from net.errors import DecodeError, SessionRefused
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
)
from net.session.session import Clock, EnableEncryption, ReceivedMessage, Send, Session
from net.sync.clock import ClockFilter
from net.transport import LANE_EVENT, LANE_STATE, Delivery


@dataclass(frozen=True, slots=True)
class _PendingChallenge:
    """What the server must remember of a client that it has challenged."""

    hello: Hello
    hello_message: bytes
    challenge_message: bytes
    token: str | None
    keys: KeyPair | None


class ServerSession(Session):
    """The server's end: hears one hello, answers with a welcome or a refusal.

    ``door`` says what must be proved; without one nothing is, and no place is given back.
    ``visitor`` is who is slowed down after failures
    (``net.security.client_network.client_network``). Everything else before the client has proved
    itself, and a second hello, is a ``DecodeError``.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        ping_interval_s: float,
        authenticator: Authenticator | None = None,
        network: str = "",
        enable_encryption: EnableEncryption | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._authenticator = authenticator
        self._network = network
        self._enable_encryption = enable_encryption
        # The only kind that is heard now; none once the client has said who it is.
        self._expected_type: MessageType | None = MessageType.HELLO
        self._pending_challenge: _PendingChallenge | None = None
        self._password_proof = b""

    def message_received(self, message: bytes, received_at: float) -> ReceivedMessage | None:
        """Read a message as ``Session`` does. A ``Hello`` that is returned has been proved.

        Raises ``SessionRefused`` when the session itself must refuse (the refusal has been sent),
        and ``DecodeError``.
        """
        if self._expected_type is not None and message[:1] != bytes((self._expected_type,)):
            raise DecodeError(f"no {self._expected_type.name.lower()}, which must come first")
        return super().message_received(message, received_at)

    def welcome(self, welcome: Welcome) -> None:
        """Let the client in."""
        message = encode_welcome(replace(welcome, password_proof=self._password_proof))
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def refuse(self, reason: RefusalReason, text: str) -> SessionRefused:
        """Turn the client away; the channel is the caller's to close."""
        self._send(encode_refusal(reason.value, text), Delivery.RELIABLE, LANE_STATE)
        return SessionRefused(reason, text)

    def send_event(self, event: SessionEvent) -> None:
        """Send a numbered event."""
        message = EVENT_HEADER.pack(MessageType.EVENT, event.number) + event.body
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def send_unreliable_event(self, body: bytes) -> None:
        """Send an event that may be lost: a lesson's choice, never a game's."""
        message = EVENT_HEADER.pack(MessageType.EVENT, UNNUMBERED) + body
        self._send(message, Delivery.LATEST, LANE_EVENT)

    def _handshake_received(self, kind: int, message: bytes) -> ReceivedMessage | None:
        if kind != self._expected_type:
            return super()._handshake_received(kind, message)
        if kind == MessageType.PROOF:
            return self._on_proof(message)
        return self._on_hello(message)

    def _on_hello(self, message: bytes) -> Hello | None:
        version = decode_version(message)
        if version != PROTOCOL_VERSION:
            raise self.refuse(
                RefusalReason.WRONG_VERSION,
                f"the server speaks version {PROTOCOL_VERSION} and the client {version}: "
                f"update the {'client' if version < PROTOCOL_VERSION else 'server'}",
            )
        hello = decode_hello(message)
        if hello.codec not in CODECS:
            raise self.refuse(
                RefusalReason.BAD_CODEC,
                f"codec {hello.codec!r:.40}: the server has {', '.join(CODECS)}",
            )
        door = self._authenticator
        token = door.token(hello.slot_id) if door and hello.slot_id else None
        if token is None:
            # A place that has ended, or of a server before this one: the client joins afresh.
            hello = replace(hello, slot_id="")
        if door is not None and (door.requires_password or token is not None):
            self._challenge(door, hello, message, token)
            return None
        self._expected_type = None
        return hello

    def _challenge(
        self, authenticator: Authenticator, hello: Hello, message: bytes, token: str | None
    ) -> None:
        keys = None
        if authenticator.requires_password and self._enable_encryption is not None:
            keys = KeyPair(authenticator.rng.randbytes(PRIVATE_KEY_BYTES))
        challenge = encode_challenge(
            Challenge(
                authenticator.rng.randbytes(NONCE_BYTES),
                authenticator.salt,
                authenticator.requires_password,
                keys.public_bytes if keys else b"",
            )
        )
        self._pending_challenge = _PendingChallenge(hello, message, challenge, token, keys)
        self._expected_type = MessageType.PROOF
        self._send(challenge, Delivery.RELIABLE, LANE_STATE)

    def _on_proof(self, message: bytes) -> Hello:
        door, asked = self._authenticator, self._pending_challenge
        assert door is not None
        assert asked is not None
        proof = decode_proof(message)
        transcript = transcript_hash(asked.hello_message, asked.challenge_message, proof.public_key)
        now = self._clock()
        turned_away = door.verify(proof.proofs, transcript, asked.token, self._network, now)
        if turned_away is not None:
            raise self.refuse(turned_away.reason, turned_away.text)
        if door.requires_password:
            self._password_proof = server_password_proof(door.key, transcript)
        if asked.keys is not None and self._enable_encryption is not None:
            shared_secret = asked.keys.shared_secret(proof.public_key)
            sealed = direction_keys(shared_secret, door.key, transcript)
            self._enable_encryption(sealed.to_client, sealed.to_server)
        self._expected_type = self._pending_challenge = None
        return asked.hello
