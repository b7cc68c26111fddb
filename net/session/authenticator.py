"""Who may come in: what a server asks of a stranger, and how it judges the answer.  [pure]

One door for all transports of a server. It asks for the server's password, if one is set, and for
the token of the place that a client wants back; who fails in a row is slowed down. Knows no
message's layout; a session carries question and answer (``net/session/session.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from random import Random

from net.security import proofs
from net.security.login_backoff import LoginBackoff
from net.session.messages import NO_PROOF, ClientProofs, RefusalReason

TokenLookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the door stays closed."""

    reason: RefusalReason
    text: str


class Authenticator:
    """The door of one server.

    ``rng`` makes nonces, the salt and keys: ``random.SystemRandom`` wherever strangers come.
    ``token`` finds the secret token of a place by its public id, or None.
    """

    def __init__(self, rng: Random, token: TokenLookup, password: str = "") -> None:
        self.rng = rng
        self.token = token
        self.backoff = LoginBackoff()
        self.salt = rng.randbytes(proofs.SALT_BYTES) if password else b""
        self.key = proofs.password_key(password, self.salt) if password else b""

    @property
    def requires_password(self) -> bool:
        """Whether a password is set."""
        return bool(self.key)

    def verify(
        self, given: ClientProofs, transcript: bytes, token: str | None, network: str, now: float
    ) -> Refusal | None:
        """Say why the visitor is not let in; None if it is.

        ``token`` is that of the place it wants back. Who has one is not kept waiting for what
        others behind the same address have typed.
        """
        if token is None:
            if wait_s := self.backoff.retry_after_s(network, now):
                text = f"too many wrong passwords: try again in {ceil(wait_s)} s"
                return Refusal(RefusalReason.RATE_LIMITED, text)
        elif not proofs.constant_time_equal(
            given.token_proof, proofs.token_proof(token, transcript)
        ):
            self.backoff.record_failure(network, now)
            return Refusal(RefusalReason.BAD_RESUME_TOKEN, "that place belongs to somebody else")
        return self._verify_password(given.password_proof, transcript, network, now)

    def _verify_password(
        self, given: bytes, transcript: bytes, network: str, now: float
    ) -> Refusal | None:
        if not self.key:
            return None
        if given == NO_PROOF:
            return Refusal(RefusalReason.PASSWORD, "this server asks for a password")
        if not proofs.constant_time_equal(
            given, proofs.client_password_proof(self.key, transcript)
        ):
            self.backoff.record_failure(network, now)
            return Refusal(RefusalReason.PASSWORD, "that is not the password of this server")
        self.backoff.reset(network)
        return None
