"""What both ends say before and beside the game: hello, welcome, pings, events, goodbye.  [pure]

A session runs over one channel. It carries the application's values (a hello's and a welcome's
payload, states, events) without reading them, and knows no clock, socket or transport: ``send``,
``clock`` and, for a channel that can encrypt, ``secure`` come in as arguments. The layouts stand
in ``net/session_wire.py``.

A client that joins afresh where no password is set is let in at once:

    HELLO  ->  WELCOME

Where a password is set, or a client wants its place back, it is asked for a proof first:

    HELLO  ->  CHALLENGE  ->  PROOF  ->  WELCOME

Proofs are made over both nonces and every byte said so far (``net/security/proofs.py``), so one that was
overheard is worth nothing in another conversation. With a password the welcome proves that the
server knows it too, and a channel that can encrypt is sealed by the server from the welcome on,
by the client from the welcome's arrival on: hello, challenge and proof can be read on the wire.
Without a password a session hides nothing from who listens.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from random import Random

from net.clock import ClockFilter, Exchange
from net.codec import CODECS
from net.door import NO_PROOF, Answer, Door, Refusal
from net.errors import CannotEncrypt, DecodeError, Refused
from net.security.aead import PRIVATE_KEY_BYTES, KeyPair
from net.security.proofs import (
    NONCE_BYTES,
    client_password_proof,
    direction_keys,
    is_same,
    password_key,
    server_password_proof,
    token_proof,
    transcript_of,
)
from net.session_wire import (
    EVENT_HEADER,
    PING_LAYOUT,
    PONG_LAYOUT,
    PROTOCOL_VERSION,
    UNNUMBERED,
    Application,
    Bye,
    Challenge,
    Event,
    Hello,
    Kind,
    Proof,
    Welcome,
    read_bye,
    read_challenge,
    read_event,
    read_hello,
    read_proof,
    read_refusal,
    read_version,
    read_welcome,
    write_bye,
    write_challenge,
    write_hello,
    write_proof,
    write_refusal,
    write_welcome,
)
from net.transport import LANE_EVENT, LANE_PING, LANE_STATE, Delivery

# Whoever holds a session needs its words too.
__all__ = [
    "PROTOCOL_VERSION",
    "SILENCE_GONE_S",
    "UNNUMBERED",
    "Application",
    "Bye",
    "ClientSession",
    "Event",
    "Hello",
    "Kind",
    "Papers",
    "Refusal",
    "ServerSession",
    "Session",
    "Silence",
    "Welcome",
]

PING_INTERVAL_S = 0.1
# Below half a second a player has not noticed yet; at two they have, and want to be told; after
# ten nobody waits any longer for the one who is gone.
SILENCE_WARN_S = 0.5
SILENCE_INTERRUPTED_S = 2.0
SILENCE_GONE_S = 10.0

Send = Callable[[bytes, Delivery, int], None]
Clock = Callable[[], float]
# Given the key to send under and the key to receive under; see ``Channel.secure``.
Secure = Callable[[bytes, bytes], None]


class Silence(Enum):
    """How long the other end has not been heard, as a player would put it."""

    NONE = "none"
    WARN = "warn"
    INTERRUPTED = "interrupted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Papers:
    """What a client can prove, and the generator of its nonces and keys.

    ``rng`` must be ``random.SystemRandom`` in earnest. ``token`` is that of the place it wants
    back. Who was given a password talks to no server that does not prove to know it.
    """

    rng: Random
    password: str = ""
    token: str = ""


Heard = Hello | Welcome | Refused | Bye | Event | Application | Exchange

_APPLICATION_PREFIX = bytes((Kind.APPLICATION,))


class Session:
    """One end of a session; ``ClientSession`` and ``ServerSession`` add who speaks first.

    ``clock`` filters the answers to our pings; keep one for all sessions with the same server
    and it survives a change of transport.
    """

    def __init__(
        self, send: Send, clock: Clock, clock_filter: ClockFilter, ping_interval_s: float
    ) -> None:
        self._send = send
        self._clock = clock
        self.clock_filter = clock_filter
        self._ping_interval_s = ping_interval_s
        self._next_ping_at = clock()
        self.last_heard_at = clock()

    def message_received(self, message: bytes, received_at: float) -> Heard | None:
        """Read a message; answer what the session answers itself, return what others must read.

        Raises ``DecodeError`` for a message that no honest peer sends.
        """
        self.last_heard_at = received_at
        kind = message[0] if message else 0
        if kind == Kind.APPLICATION:
            return Application(message[1:])
        if kind == Kind.PING:
            self._answer_ping(message, received_at)
            return None
        if kind == Kind.PONG:
            return self._take_pong(message, received_at)
        if kind == Kind.BYE:
            return read_bye(message)
        return self._handshake_received(kind, message)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        raise DecodeError(f"a message of kind {kind} is not expected here")

    def send_application(self, body: bytes, delivery: Delivery, lane: int = LANE_STATE) -> None:
        """Send the application's bytes."""
        self._send(_APPLICATION_PREFIX + body, delivery, lane)

    def send_bye(self, text: str) -> None:
        """Tell the other end that we leave; the channel is the caller's to close."""
        self._send(write_bye(text), Delivery.RELIABLE, LANE_STATE)

    def send_ping_if_due(self, now: float) -> None:
        """Send a ping if the last is a ping interval ago; call at least that often."""
        if now < self._next_ping_at:
            return
        # After a pause one ping is due, not all that were missed.
        self._next_ping_at = max(self._next_ping_at, now - self._ping_interval_s)
        self._next_ping_at += self._ping_interval_s
        self._send(PING_LAYOUT.pack(Kind.PING, now), Delivery.LATEST, LANE_PING)

    def silence_s(self, now: float) -> float:
        """Return for how many seconds nothing was heard."""
        return max(0.0, now - self.last_heard_at)

    def silence(self, now: float) -> Silence:
        """Return what the silence means."""
        silent_s = self.silence_s(now)
        if silent_s >= SILENCE_GONE_S:
            return Silence.GONE
        if silent_s >= SILENCE_INTERRUPTED_S:
            return Silence.INTERRUPTED
        return Silence.WARN if silent_s >= SILENCE_WARN_S else Silence.NONE

    def _answer_ping(self, message: bytes, received_at: float) -> None:
        if len(message) != PING_LAYOUT.size:
            raise DecodeError(f"a ping of {len(message)} bytes")
        _, t1 = PING_LAYOUT.unpack(message)
        pong = PONG_LAYOUT.pack(Kind.PONG, t1, received_at, self._clock())
        self._send(pong, Delivery.LATEST, LANE_PING)

    def _take_pong(self, message: bytes, received_at: float) -> Exchange | None:
        if len(message) != PONG_LAYOUT.size:
            raise DecodeError(f"a pong of {len(message)} bytes")
        _, t1, t2, t3 = PONG_LAYOUT.unpack(message)
        # A t1 we cannot have sent, or a t3 before its t2, is a peer's lie or a broken clock.
        if received_at - SILENCE_GONE_S <= t1 <= received_at and t2 <= t3:
            return self.clock_filter.add(t1, t2, t3, received_at)
        return None


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
        papers: Papers | None = None,
        secure: Secure | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._papers = papers
        self._secure = secure
        self._hello = write_hello(hello, papers.rng.randbytes(NONCE_BYTES) if papers else b"")
        self._is_challenged = False
        self._is_answered = False
        # What the welcome must carry to show that the server knows the password.
        self._expected_proof = b""
        send(self._hello, Delivery.RELIABLE, LANE_STATE)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        if kind == Kind.EVENT:
            return read_event(message)
        # One answer to a hello, and one question before it.
        if kind == Kind.CHALLENGE and not (self._is_challenged or self._is_answered):
            self._is_challenged = True
            return self._answer(read_challenge(message), message)
        if kind in (Kind.WELCOME, Kind.REFUSE) and not self._is_answered:
            self._is_answered = True
            if kind == Kind.REFUSE:
                return read_refusal(message)
            return self._check_server(read_welcome(message))
        return super()._handshake_received(kind, message)

    def _answer(self, challenge: Challenge, message: bytes) -> Refused | None:
        """Prove what is asked for, and seal the channel if the server can."""
        papers = self._papers
        if papers is None:
            return Refused(Refusal.PASSWORD, "the server asks who we are, and we cannot say")
        try:
            keys = self._key_pair(papers, challenge)
        except CannotEncrypt as error:
            return Refused(Refusal.NO_ENCRYPTION, str(error))
        public_key = keys.public_bytes if keys else b""
        transcript = transcript_of(self._hello, message, public_key)
        key = b""
        answer = Answer(NO_PROOF, NO_PROOF)
        if challenge.asks_for_password and papers.password:
            key = password_key(papers.password, challenge.salt)
            answer = replace(answer, password_proof=client_password_proof(key, transcript))
            self._expected_proof = server_password_proof(key, transcript)
        if papers.token:
            answer = replace(answer, token_proof=token_proof(papers.token, transcript))
        shared_secret = keys.agree(challenge.public_key) if keys else b""
        self._send(write_proof(Proof(answer, public_key)), Delivery.RELIABLE, LANE_STATE)
        if keys and self._secure:
            sealed = direction_keys(shared_secret, key, transcript)
            self._secure(sealed.to_server, sealed.to_client)
        return None

    def _key_pair(self, papers: Papers, challenge: Challenge) -> KeyPair | None:
        """Return our part of the keys, or None for a channel that is not to be sealed.

        Raises ``CannotEncrypt`` where the server has no part of them: somebody in the middle could
        pass the proofs on to a transport of the server's that does not encrypt, and read along.
        """
        if self._secure is None or not challenge.asks_for_password or not papers.password:
            return None
        if not challenge.public_key:
            raise CannotEncrypt("the server does not encrypt here: is it the one you mean?")
        return KeyPair(papers.rng.randbytes(PRIVATE_KEY_BYTES))

    def _check_server(self, welcome: Welcome) -> Welcome | Refused:
        if self._papers is None or not self._papers.password:
            return welcome
        if not self._expected_proof:
            return self._leave_impostor(
                "this server asks for no password: is it the one you mean? Then give none"
            )
        if not is_same(welcome.password_proof, self._expected_proof):
            return self._leave_impostor(
                "this server does not know the password: it is not the one you mean"
            )
        return welcome

    def _leave_impostor(self, why: str) -> Refused:
        # It has let us in, and would keep us a place.
        self.send_bye("left")
        return Refused(Refusal.PASSWORD, why)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the server must remember of a client that it has challenged."""

    hello: Hello
    hello_message: bytes
    challenge_message: bytes
    token: str | None
    keys: KeyPair | None


class ServerSession(Session):
    """The server's end: hears one hello, answers with a welcome or a refusal.

    ``door`` says what must be proved; without one nothing is, and no place is given back.
    ``visitor`` is who is slowed down after failures (``net.throttle.visitor_of``). Everything
    else before the client has proved itself, and a second hello, is a ``DecodeError``.
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        clock_filter: ClockFilter,
        ping_interval_s: float,
        door: Door | None = None,
        visitor: str = "",
        secure: Secure | None = None,
    ) -> None:
        super().__init__(send, clock, clock_filter, ping_interval_s)
        self._door = door
        self._visitor = visitor
        self._secure = secure
        # The only kind that is heard now; none once the client has said who it is.
        self._awaited: Kind | None = Kind.HELLO
        self._asked: _Asked | None = None
        self._password_proof = b""

    def message_received(self, message: bytes, received_at: float) -> Heard | None:
        """Read a message as ``Session`` does. A ``Hello`` that is returned has been proved.

        Raises ``Refused`` when the session itself must refuse (the refusal has been sent), and
        ``DecodeError``.
        """
        if self._awaited is not None and message[:1] != bytes((self._awaited,)):
            raise DecodeError(f"no {self._awaited.name.lower()}, which must come first")
        return super().message_received(message, received_at)

    def welcome(self, welcome: Welcome) -> None:
        """Let the client in."""
        message = write_welcome(replace(welcome, password_proof=self._password_proof))
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def refuse(self, reason: Refusal, text: str) -> Refused:
        """Turn the client away; the channel is the caller's to close."""
        self._send(write_refusal(reason.value, text), Delivery.RELIABLE, LANE_STATE)
        return Refused(reason, text)

    def send_event(self, event: Event) -> None:
        """Send a numbered event."""
        message = EVENT_HEADER.pack(Kind.EVENT, event.number) + event.body
        self._send(message, Delivery.RELIABLE, LANE_STATE)

    def send_latest_event(self, body: bytes) -> None:
        """Send an event that may be lost: a lesson's choice, never a game's."""
        message = EVENT_HEADER.pack(Kind.EVENT, UNNUMBERED) + body
        self._send(message, Delivery.LATEST, LANE_EVENT)

    def _handshake_received(self, kind: int, message: bytes) -> Heard | None:
        if kind != self._awaited:
            return super()._handshake_received(kind, message)
        if kind == Kind.PROOF:
            return self._take_proof(message)
        return self._take_hello(message)

    def _take_hello(self, message: bytes) -> Hello | None:
        version = read_version(message)
        if version != PROTOCOL_VERSION:
            raise self.refuse(
                Refusal.WRONG_VERSION,
                f"the server speaks version {PROTOCOL_VERSION} and the client {version}: "
                f"update the {'client' if version < PROTOCOL_VERSION else 'server'}",
            )
        hello = read_hello(message)
        if hello.codec not in CODECS:
            raise self.refuse(
                Refusal.BAD_CODEC, f"codec {hello.codec!r:.40}: the server has {', '.join(CODECS)}"
            )
        door = self._door
        token = door.token_of(hello.place_id) if door and hello.place_id else None
        if token is None:
            # A place that has ended, or of a server before this one: the client joins afresh.
            hello = replace(hello, place_id="")
        if door is not None and (door.asks_for_password or token is not None):
            self._challenge(door, hello, message, token)
            return None
        self._awaited = None
        return hello

    def _challenge(self, door: Door, hello: Hello, message: bytes, token: str | None) -> None:
        keys = None
        if door.asks_for_password and self._secure is not None:
            keys = KeyPair(door.rng.randbytes(PRIVATE_KEY_BYTES))
        challenge = write_challenge(
            Challenge(
                door.rng.randbytes(NONCE_BYTES),
                door.salt,
                door.asks_for_password,
                keys.public_bytes if keys else b"",
            )
        )
        self._asked = _Asked(hello, message, challenge, token, keys)
        self._awaited = Kind.PROOF
        self._send(challenge, Delivery.RELIABLE, LANE_STATE)

    def _take_proof(self, message: bytes) -> Hello:
        door, asked = self._door, self._asked
        assert door is not None
        assert asked is not None
        proof = read_proof(message)
        transcript = transcript_of(asked.hello_message, asked.challenge_message, proof.public_key)
        now = self._clock()
        turned_away = door.judge(proof.answer, transcript, asked.token, self._visitor, now)
        if turned_away is not None:
            raise self.refuse(turned_away.reason, turned_away.text)
        if door.asks_for_password:
            self._password_proof = server_password_proof(door.key, transcript)
        if asked.keys is not None and self._secure is not None:
            shared_secret = asked.keys.agree(proof.public_key)
            sealed = direction_keys(shared_secret, door.key, transcript)
            self._secure(sealed.to_client, sealed.to_server)
        self._awaited = self._asked = None
        return asked.hello
