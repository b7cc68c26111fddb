"""net/session/client.py."""

from dataclasses import dataclass, replace
from random import Random

from net.errors import EncryptionUnavailable, SessionRefused
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
    NO_PROOF,
    Challenge,
    ClientProofs,
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
from net.sync.clock import ClockFilter
from net.transport import LANE_STATE, Delivery


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client can prove, and the generator of its nonces and keys.

    ``rng`` must be ``random.SystemRandom`` in earnest. ``token`` is that of the place it wants
    back. Who was given a password talks to no server that does not prove to know it.
    """

    rng: Random
    password: str = ""
    token: str = ""


class ClientSession(Session):
    """The client's end: says hello when it begins, then hears a welcome or a refusal.

    Without ``papers`` it has nothing to prove, and is refused where a proof is asked for.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        hello: Hello,
        ping_interval_s: float = PING_INTERVAL_S,
        credentials: Credentials | None = None,
        enable_encryption: EnableEncryption | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._credentials = credentials
        self._enable_encryption = enable_encryption
        self._hello = encode_hello(
            hello, credentials.rng.randbytes(NONCE_BYTES) if credentials else b""
        )
        self._is_challenged = False
        self._is_answered = False
        # What the welcome must carry to show that the server knows the password.
        self._expected_proof = b""
        send(self._hello, Delivery.RELIABLE, LANE_STATE)

    def _handshake_received(self, kind: int, message: bytes) -> ReceivedMessage | None:
        if kind == MessageType.EVENT:
            return decode_event(message)
        # One answer to a hello, and one question before it.
        if kind == MessageType.CHALLENGE and not (self._is_challenged or self._is_answered):
            self._is_challenged = True
            return self._on_challenge(decode_challenge(message), message)
        if kind in (MessageType.WELCOME, MessageType.REFUSE) and not self._is_answered:
            self._is_answered = True
            if kind == MessageType.REFUSE:
                return decode_refusal(message)
            return self._verify_server(decode_welcome(message))
        return super()._handshake_received(kind, message)

    def _on_challenge(self, challenge: Challenge, message: bytes) -> SessionRefused | None:
        """Prove what is asked for, and seal the channel if the server can."""
        papers = self._credentials
        if papers is None:
            return SessionRefused(
                RefusalReason.PASSWORD, "the server asks who we are, and we cannot say"
            )
        try:
            keys = self._key_pair(papers, challenge)
        except EncryptionUnavailable as error:
            return SessionRefused(RefusalReason.NO_ENCRYPTION, str(error))
        public_key = keys.public_bytes if keys else b""
        transcript = transcript_hash(self._hello, message, public_key)
        key = b""
        answer = ClientProofs(NO_PROOF, NO_PROOF)
        if challenge.requires_password and papers.password:
            key = password_key(papers.password, challenge.salt)
            answer = replace(answer, password_proof=client_password_proof(key, transcript))
            self._expected_proof = server_password_proof(key, transcript)
        if papers.token:
            answer = replace(answer, token_proof=token_proof(papers.token, transcript))
        shared_secret = keys.shared_secret(challenge.public_key) if keys else b""
        self._send(encode_proof(Proof(answer, public_key)), Delivery.RELIABLE, LANE_STATE)
        if keys and self._enable_encryption:
            sealed = direction_keys(shared_secret, key, transcript)
            self._enable_encryption(sealed.to_server, sealed.to_client)
        return None

    def _key_pair(self, credentials: Credentials, challenge: Challenge) -> KeyPair | None:
        """Return our part of the keys, or None for a channel that is not to be sealed.

        Raises ``EncryptionUnavailable`` where the server has no part of them: somebody in the
        middle could pass the proofs on to a transport of the server's that does not encrypt, and
        read along.
        """
        if (
            self._enable_encryption is None
            or not challenge.requires_password
            or not credentials.password
        ):
            return None
        if not challenge.public_key:
            raise EncryptionUnavailable("the server does not encrypt here: is it the one you mean?")
        return KeyPair(credentials.rng.randbytes(PRIVATE_KEY_BYTES))

    def _verify_server(self, welcome: Welcome) -> Welcome | SessionRefused:
        if self._credentials is None or not self._credentials.password:
            return welcome
        if not self._expected_proof:
            return self._reject_server(
                "this server asks for no password: is it the one you mean? Then give none"
            )
        if not constant_time_equal(welcome.password_proof, self._expected_proof):
            return self._reject_server(
                "this server does not know the password: it is not the one you mean"
            )
        return welcome

    def _reject_server(self, why: str) -> SessionRefused:
        # It has let us in, and would keep us a place.
        self.send_close("left")
        return SessionRefused(RefusalReason.PASSWORD, why)
