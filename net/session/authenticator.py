"""Server-side authentication by password and resume-token proofs.  [pure]

One authenticator serves all transports of a server. A session carries challenge and proof
(``net/session/server.py``); this module decides whether the proof is right. Wrong proofs in a row
from one client network are answered ever more slowly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from random import Random

from net.security import proofs
from net.security.login_backoff import LoginBackoff
from net.session.messages import NO_PROOF, Proof, RefusalReason

__all__ = ["Authenticator", "Refusal", "TokenLookup"]

# From the public id of a slot to its secret token; None for an unknown id.
TokenLookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Reason and text of a refused authentication. The text is for people."""

    reason: RefusalReason
    text: str


class Authenticator:
    """Verifier of the proofs that clients send to one server.

    ``rng`` makes nonces, salt and keys. A server on a network passes
    ``random.SystemRandom``.
    ``token`` finds the secret token of a slot by its public id.
    """

    def __init__(self, rng: Random, token: TokenLookup, password: str = "") -> None:
        self.rng = rng
        self.token = token
        self.backoff = LoginBackoff()
        self.salt = rng.randbytes(proofs.SALT_BYTES) if password else b""
        # Stretched once here, not once a client: a key costs tens of milliseconds.
        self.key = proofs.password_key(password, self.salt) if password else b""

    @property
    def requires_password(self) -> bool:
        """True if a password is set."""
        return bool(self.key)

    def verify(
        self, given: Proof, transcript: bytes, token: str | None, network: str, now: float
    ) -> Refusal | None:
        """Return why the client is refused, or None if its proofs are right.

        ``token`` is the token of the slot that the client wants back, None for a new client.
        ``network`` is its client network (``net.security.client_network.client_network``).
        """
        if token is None:
            # Before the proof is looked at: during the delay even the right password is refused,
            # or a guesser could ignore the delay.
            if wait_s := self.backoff.retry_after_s(network, now):
                text = f"too many wrong passwords: try again in {ceil(wait_s)} s"
                return Refusal(RefusalReason.RATE_LIMITED, text)
        # The owner of a slot is exempt from the delay: another client of its address must
        # not be able to lock it out. It proves a token of 128 bits, which nobody guesses.
        elif not proofs.constant_time_equal(
            given.token_proof, proofs.token_proof(token, transcript)
        ):
            self.backoff.record_failure(network, now)
            return Refusal(RefusalReason.BAD_RESUME_TOKEN, "this session belongs to somebody else")
        return self._verify_password(given.password_proof, transcript, network, now)

    def _verify_password(
        self, given: bytes, transcript: bytes, network: str, now: float
    ) -> Refusal | None:
        if not self.key:
            return None
        if given == NO_PROOF:
            # No guess was made, so nothing is counted: the client will now ask for the password.
            return Refusal(RefusalReason.PASSWORD, "this server asks for a password")
        if not proofs.constant_time_equal(
            given, proofs.client_password_proof(self.key, transcript)
        ):
            self.backoff.record_failure(network, now)
            return Refusal(RefusalReason.PASSWORD, "that is not the password of this server")
        self.backoff.reset(network)
        return None
