"""Client end of a session: a hello, the proofs that are required, a welcome or refusal.  [pure]

The client authenticates the server too, if it was given a password.
"""

from dataclasses import dataclass, replace
from random import Random

from net.codec import CODECS
from net.errors import EncryptionUnavailable, ServerRejected, SessionRefused
from net.security.aead import PRIVATE_KEY_BYTES, KeyPair
from net.security.proofs import (
    NONCE_BYTES,
    client_password_proof,
    constant_time_equal,
    direction_keys,
    password_key,
    server_password_proof,
    token_proof,
    transcript_hash,
)
from net.session.messages import (
    Challenge,
    Hello,
    MessageType,
    Proof,
    RefusalReason,
    Welcome,
    decode_challenge,
    decode_event,
    decode_refusal,
    decode_welcome,
    encode_hello,
    encode_proof,
)
from net.session.session import (
    PING_INTERVAL_S,
    Clock,
    EnableEncryption,
    ReceivedMessage,
    Send,
    Session,
)
from net.sync.clock_filter import ClockFilter
from net.transport import LANE_STATE, Delivery

__all__ = ["ClientSession", "Credentials"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Password and resume token of a client, and the generator of its nonces and keys.

    ``rng`` is ``random.SystemRandom`` in every real client: nonces and keys must not be guessed.
    ``token`` is the token of the slot that the client wants back.
    With a ``password`` set, the client leaves any server that cannot prove it knows it.
    """

    rng: Random
    password: str = ""
    token: str = ""


class ClientSession(Session):
    """The client's end of a session. Sends the hello when it is created.

    Without ``credentials`` it can prove nothing, and fails where a proof is required.
    ``enable_encryption`` is None where the channel cannot encrypt.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        hello: Hello,
        *,
        ping_interval_s: float = PING_INTERVAL_S,
        credentials: Credentials | None = None,
        enable_encryption: EnableEncryption | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._credentials = credentials
        self._enable_encryption = enable_encryption
        nonce = credentials.rng.randbytes(NONCE_BYTES) if credentials else b""
        self._codec = CODECS[hello.codec]
        self._hello = encode_hello(hello, nonce)
        self._is_challenged = False
        self._is_answered = False
        # The proof that the welcome must carry, from a server that knows the password.
        self._expected_proof = b""
        send(self._hello, Delivery.RELIABLE, LANE_STATE)

    def _on_handshake_message(self, message_type: int, message: bytes) -> ReceivedMessage | None:
        if message_type == MessageType.EVENT:
            return decode_event(message)
        # At most one challenge, and it comes before the answer. A second challenge would let a
        # server collect proofs over messages of its choice.
        if message_type == MessageType.CHALLENGE and not (self._is_challenged or self._is_answered):
            self._is_challenged = True
            return self._on_challenge(decode_challenge(message, self._codec), message)
        if message_type in (MessageType.WELCOME, MessageType.REFUSE) and not self._is_answered:
            self._is_answered = True
            if message_type == MessageType.REFUSE:
                return decode_refusal(message)
            return self._verify_server(decode_welcome(message, self._codec))
        return super()._on_handshake_message(message_type, message)

    def _on_challenge(self, challenge: Challenge, message: bytes) -> SessionRefused | None:
        """Send the proofs, and encrypt the channel if both ends can."""
        credentials = self._credentials
        if credentials is None:
            return ServerRejected(
                RefusalReason.PASSWORD, "the server asks who we are, and we cannot say"
            )
        try:
            keys = self._key_pair(credentials, challenge)
        except EncryptionUnavailable as error:
            return ServerRejected(RefusalReason.NO_ENCRYPTION, str(error))
        public_key = keys.public_bytes if keys else b""
        transcript = transcript_hash(self._hello, message, public_key)
        key = b""
        proof = Proof(public_key=public_key)
        if challenge.requires_password and credentials.password:
            key = password_key(credentials.password, challenge.salt)
            proof = replace(proof, password_proof=client_password_proof(key, transcript))
            self._expected_proof = server_password_proof(key, transcript)
        if credentials.token:
            proof = replace(proof, token_proof=token_proof(credentials.token, transcript))
        # Computed before the proof is sent: a bad public key raises, and nothing has been proved.
        shared_secret = keys.shared_secret(challenge.public_key) if keys else b""
        self._send(encode_proof(proof, self._codec), Delivery.RELIABLE, LANE_STATE)
        if keys and self._enable_encryption:
            # After the proof, which the server must be able to read before it has the keys.
            traffic_keys = direction_keys(shared_secret, key, transcript)
            self._enable_encryption(traffic_keys.to_server, traffic_keys.to_client)
        return None

    def _key_pair(self, credentials: Credentials, challenge: Challenge) -> KeyPair | None:
        """Return our half of the key agreement; None for a channel that stays unencrypted.

        Raises ``EncryptionUnavailable`` if the server sent no public key on a channel that can
        encrypt. That is a downgrade attack. A man in the middle forwards the proofs to a transport
        of the server that cannot encrypt, and reads all that follows.
        """
        if self._enable_encryption is None:
            return None
        if not challenge.requires_password or not credentials.password:
            return None
        if not challenge.public_key:
            raise EncryptionUnavailable("the server does not encrypt here: is it the one you mean?")
        return KeyPair(credentials.rng.randbytes(PRIVATE_KEY_BYTES))

    def _verify_server(self, welcome: Welcome) -> Welcome | SessionRefused:
        if self._credentials is None or not self._credentials.password:
            return welcome
        # A fake server can accept every client, but it cannot compute this proof.
        if not self._expected_proof:
            return self._reject_server(
                "this server asks for no password: is it the one you mean? Then give none"
            )
        if not constant_time_equal(welcome.password_proof, self._expected_proof):
            return self._reject_server(
                "this server does not know the password: it is not the one you mean"
            )
        return welcome

    def _reject_server(self, text: str) -> SessionRefused:
        # The server has accepted us and would reserve a slot for us.
        self.send_close("left")
        return ServerRejected(RefusalReason.PASSWORD, text)
