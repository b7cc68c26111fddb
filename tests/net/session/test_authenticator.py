"""The whole handshake between a client and a server, in virtual time.

``tests/game/server/test_password.py`` repeats the attacks over every transport.
"""

from random import Random

import pytest

from net.errors import DecodeError, SessionRefused
from net.security.login_backoff import FREE_ATTEMPTS
from net.session.authenticator import Authenticator
from net.session.client import ClientSession, Credentials
from net.session.messages import (
    MAX_LINE_CHARS,
    Close,
    Hello,
    MessageType,
    RefusalReason,
    Welcome,
    encode_close,
    encode_refusal,
)
from net.session.server import ServerSession
from net.sync.clock_filter import ClockFilter

PASSWORD = "sesame"
SLOT_ID, TOKEN = "0123456789abcdef", "f" * 32
BOTH_ENDS = ("client", "server")


class Handshake:
    """A client and a server whose messages the test delivers one by one.

    ``to_server`` and ``to_client`` hold the messages that were sent and not delivered yet.
    ``encrypting`` names the ends whose channel can encrypt; ``keys`` has the keys each was given.
    """

    def __init__(
        self, authenticator, credentials, slot_id="", network="eve", encrypting=(), codec="msgpack"
    ):
        self.now = 100.0
        self.to_server, self.to_client = [], []
        self.keys = {}
        self.server = ServerSession(
            lambda message, *_: self.to_client.append(message),
            lambda: self.now,
            ClockFilter(),
            1.0,
            authenticator=authenticator,
            network=network,
            enable_encryption=self._keep_keys_of("server") if "server" in encrypting else None,
        )
        self.client = ClientSession(
            lambda message, *_: self.to_server.append(message),
            lambda: self.now,
            ClockFilter(),
            Hello(codec, ["Ana"], slot_id),
            credentials=credentials,
            enable_encryption=self._keep_keys_of("client") if "client" in encrypting else None,
        )

    def _keep_keys_of(self, end):
        return lambda send_key, receive_key: self.keys.update({end: (send_key, receive_key)})

    def deliver_to_server(self):
        return self.server.message_received(self.to_server.pop(0), self.now)

    def deliver_to_client(self):
        return self.client.message_received(self.to_client.pop(0), self.now)

    def authenticate(self):
        """Deliver every message until the server returns the hello of the client."""
        hello = self.deliver_to_server()
        if hello is None:
            assert self.deliver_to_client() is None
            hello = self.deliver_to_server()
        return hello

    def welcome(self):
        self.server.welcome(Welcome(TOKEN, False, 0, None, SLOT_ID))
        return self.deliver_to_client()


def new_authenticator(password=PASSWORD, seed=1):
    return Authenticator(Random(seed), {SLOT_ID: TOKEN}.get, password)


def new_credentials(password=PASSWORD, token="", seed=2):
    return Credentials(Random(seed), password, token)


def test_without_a_password_a_new_client_is_accepted_at_once():
    handshake = Handshake(new_authenticator(password=""), new_credentials(password=""))
    assert handshake.deliver_to_server() == Hello("msgpack", ["Ana"])
    assert handshake.welcome() == Welcome(TOKEN, False, 0, None, SLOT_ID)


def test_the_right_password_is_accepted_and_never_sent():
    handshake = Handshake(new_authenticator(), new_credentials())
    sent = list(handshake.to_server)
    assert handshake.deliver_to_server() is None
    assert handshake.deliver_to_client() is None
    sent += handshake.to_server
    assert handshake.deliver_to_server() == Hello("msgpack", ["Ana"])
    assert isinstance(handshake.welcome(), Welcome)
    assert not any(PASSWORD.encode() in message for message in sent)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", "asks for a password"), ("sesam", "not the password"), ("Sesame", "not the password")],
)
def test_a_wrong_or_missing_password_is_refused(given, expected):
    handshake = Handshake(new_authenticator(), new_credentials(given))
    with pytest.raises(SessionRefused, match=expected) as refused:
        handshake.authenticate()
    assert refused.value.reason == RefusalReason.PASSWORD
    assert handshake.deliver_to_client().reason == RefusalReason.PASSWORD


def test_a_channel_that_can_encrypt_is_not_used_without_encryption():
    # A man in the middle forwards every message to a transport that cannot encrypt.
    handshake = Handshake(new_authenticator(), new_credentials(), encrypting=["client"])
    handshake.deliver_to_server()
    assert handshake.deliver_to_client().reason == RefusalReason.NO_ENCRYPTION
    assert handshake.to_server == []


def test_a_password_is_proved_in_json_too():
    handshake = Handshake(new_authenticator(), new_credentials(), codec="json")
    assert handshake.authenticate() == Hello("json", ["Ana"])
    assert isinstance(handshake.welcome(), Welcome)


def test_texts_from_a_server_cannot_control_the_terminal():
    for encode in (encode_close, lambda text: encode_refusal("full", text)):
        handshake = Handshake(new_authenticator(), new_credentials())
        received = handshake.client.message_received(
            encode("\x1b[2Jno\r\n\u202eroom" * 99), handshake.now
        )
        text = received.text if isinstance(received, Close) else str(received)
        assert text.startswith("?[2Jno???room")
        assert text.isprintable()
        assert len(text) == MAX_LINE_CHARS


def test_nothing_but_a_proof_is_read_after_a_challenge():
    for early in (
        MessageType.APPLICATION,
        MessageType.EVENT,
        MessageType.HELLO,
        MessageType.WELCOME,
    ):
        handshake = Handshake(new_authenticator(), new_credentials())
        handshake.deliver_to_server()
        with pytest.raises(DecodeError):
            handshake.server.message_received(bytes([early]) + b"in", handshake.now)


def test_a_replayed_exchange_is_refused():
    authenticator = new_authenticator()
    honest = Handshake(authenticator, new_credentials())
    recorded = [honest.to_server[0]]
    honest.deliver_to_server()
    honest.deliver_to_client()
    recorded.append(honest.to_server[0])
    honest.deliver_to_server()
    replay = Handshake(authenticator, new_credentials())
    replay.server.message_received(recorded[0], replay.now)
    with pytest.raises(SessionRefused):
        replay.server.message_received(recorded[1], replay.now)


def test_a_proof_made_for_another_challenge_is_refused():
    """A man in the middle sends a challenge of its own and forwards the proof."""
    client, attacker, server = (
        Handshake(new_authenticator(seed=s), new_credentials(), encrypting=BOTH_ENDS)
        for s in (1, 2, 1)
    )
    attacker.deliver_to_server()
    hello = client.to_server.pop(0)
    client.client.message_received(attacker.to_client[0], client.now)
    server.server.message_received(hello, server.now)
    with pytest.raises(SessionRefused):
        server.server.message_received(client.to_server[0], server.now)


def test_a_client_leaves_a_server_that_does_not_know_the_password():
    handshake = Handshake(new_authenticator("another password"), new_credentials())
    handshake.deliver_to_server()
    handshake.deliver_to_client()
    refused = handshake.welcome()
    assert isinstance(refused, SessionRefused)
    assert "does not know the password" in str(refused)
    # The server has accepted us and would reserve a slot.
    assert handshake.to_server[-1][0] == MessageType.CLOSE


def test_a_client_with_a_password_leaves_a_server_that_asks_for_none():
    handshake = Handshake(new_authenticator(password=""), new_credentials())
    handshake.deliver_to_server()
    refused = handshake.welcome()
    assert isinstance(refused, SessionRefused)
    assert "asks for no password" in str(refused)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_a_slot_is_given_back_for_its_token(password):
    handshake = Handshake(new_authenticator(password), new_credentials(password, TOKEN), SLOT_ID)
    sent = list(handshake.to_server)
    assert handshake.deliver_to_server() is None
    handshake.deliver_to_client()
    sent += handshake.to_server
    assert handshake.deliver_to_server().slot_id == SLOT_ID
    assert not any(TOKEN.encode() in message for message in sent)


@pytest.mark.parametrize("password", ["", PASSWORD])
@pytest.mark.parametrize("token", ["", "e" * 32])
def test_a_slot_is_not_given_back_without_its_token(password, token):
    handshake = Handshake(new_authenticator(password), new_credentials(password, token), SLOT_ID)
    with pytest.raises(SessionRefused) as refused:
        handshake.authenticate()
    assert refused.value.reason == RefusalReason.BAD_RESUME_TOKEN


def test_a_token_does_not_replace_the_password():
    handshake = Handshake(new_authenticator(), new_credentials("", TOKEN), SLOT_ID)
    with pytest.raises(SessionRefused) as refused:
        handshake.authenticate()
    assert refused.value.reason == RefusalReason.PASSWORD


def test_an_expired_slot_means_a_new_session():
    handshake = Handshake(
        new_authenticator(password=""), new_credentials("", TOKEN), "no such slot"
    )
    assert handshake.deliver_to_server().slot_id == ""


def test_failures_in_a_row_delay_even_the_right_password():
    authenticator = new_authenticator()
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SessionRefused):
            Handshake(authenticator, new_credentials("wrong")).authenticate()
    with pytest.raises(SessionRefused, match="try again in 1 s") as refused:
        Handshake(authenticator, new_credentials()).authenticate()
    assert refused.value.reason == RefusalReason.RATE_LIMITED
    assert Handshake(authenticator, new_credentials(), network="ben").authenticate()
    later = Handshake(authenticator, new_credentials())
    later.now += 1.0
    assert later.authenticate()


def test_the_owner_of_a_slot_is_not_delayed_by_failures_of_its_network():
    authenticator = new_authenticator()
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SessionRefused):
            Handshake(authenticator, new_credentials("wrong")).authenticate()
    assert (
        Handshake(authenticator, new_credentials(PASSWORD, TOKEN), SLOT_ID).authenticate().slot_id
        == SLOT_ID
    )


def test_both_ends_derive_the_same_keys_from_a_password():
    handshake = Handshake(new_authenticator(), new_credentials(), encrypting=BOTH_ENDS)
    handshake.authenticate()
    assert handshake.keys["client"] == handshake.keys["server"][::-1]
    assert len(set(handshake.keys["client"])) == 2


def test_every_session_has_its_own_keys():
    authenticator = new_authenticator()
    handshakes = [
        Handshake(authenticator, new_credentials(seed=seed), encrypting=BOTH_ENDS)
        for seed in (2, 3)
    ]
    for handshake in handshakes:
        handshake.authenticate()
    assert not set(handshakes[0].keys["client"]) & set(handshakes[1].keys["client"])


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_client_without_the_password_gets_no_keys(password):
    handshake = Handshake(new_authenticator(), new_credentials(password), encrypting=BOTH_ENDS)
    with pytest.raises(SessionRefused):
        handshake.authenticate()
    assert "server" not in handshake.keys


def test_a_second_challenge_or_welcome_is_a_decode_error():
    handshake = Handshake(new_authenticator(), new_credentials())
    handshake.deliver_to_server()
    challenge = handshake.to_client[0]
    handshake.deliver_to_client()
    with pytest.raises(DecodeError):
        handshake.client.message_received(challenge, handshake.now)
    handshake.deliver_to_server()
    handshake.server.welcome(Welcome(TOKEN, False, 0, None, SLOT_ID))
    welcome = handshake.to_client[0]
    handshake.deliver_to_client()
    with pytest.raises(DecodeError):
        handshake.client.message_received(welcome, handshake.now)
