"""Getting in, and the ways not to: the whole handshake, carried by hand in virtual time.

What is attempted here is attempted over every transport in ``tests/game/server/test_password.py``.
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
    encode_hello,
    encode_refusal,
)
from net.session.server import ServerSession
from net.sync.clock import ClockFilter

WORD = "sesame"
PLACE, TOKEN = "0123456789abcdef", "f" * 32


class Meeting:
    """A client and a server; ``up`` and ``down`` hold what was said and not carried yet."""

    def __init__(self, door, papers, place_id="", visitor="eve", supports_encryption=False):
        self.now = 100.0
        self.up, self.down = [], []
        self.keys = {}
        self.server = ServerSession(
            lambda message, *_: self.down.append(message),
            lambda: self.now,
            ClockFilter(),
            1.0,
            door,
            visitor,
            self.secure("server") if supports_encryption else None,
        )
        self.client = ClientSession(
            lambda message, *_: self.up.append(message),
            lambda: self.now,
            ClockFilter(),
            Hello("msgpack", ["Ana"], place_id),
            credentials=papers,
            enable_encryption=self.secure("client") if supports_encryption else None,
        )

    def secure(self, end):
        return lambda send, receive: self.keys.update({end: (send, receive)})

    def carry_up(self):
        return self.server.message_received(self.up.pop(0), self.now)

    def carry_down(self):
        return self.client.message_received(self.down.pop(0), self.now)

    def enter(self):
        """Carry everything until the server has heard who it is; return that."""
        hello = self.carry_up()
        if hello is None:
            assert self.carry_down() is None
            hello = self.carry_up()
        return hello

    def welcome(self):
        self.server.welcome(Welcome(TOKEN, False, 0, None, PLACE))
        return self.carry_down()


def door(password=WORD, seed=1):
    return Authenticator(Random(seed), {PLACE: TOKEN}.get, password)


def papers(password=WORD, token="", seed=2):
    return Credentials(Random(seed), password, token)


def test_without_a_password_a_newcomer_is_let_in_at_once():
    meeting = Meeting(door(password=""), papers(password=""))
    assert meeting.carry_up() == Hello("msgpack", ["Ana"])
    assert meeting.welcome() == Welcome(TOKEN, False, 0, None, PLACE)


def test_who_knows_the_password_gets_in_and_never_says_it():
    meeting = Meeting(door(), papers())
    said = list(meeting.up)
    assert meeting.carry_up() is None
    assert meeting.carry_down() is None
    said += meeting.up
    assert meeting.carry_up() == Hello("msgpack", ["Ana"])
    assert isinstance(meeting.welcome(), Welcome)
    assert not any(WORD.encode() in message for message in said)


@pytest.mark.parametrize(
    ("given", "said"),
    [("", "asks for a password"), ("sesam", "not the password"), ("Sesame", "not the password")],
)
def test_a_wrong_or_missing_password_is_refused(given, said):
    meeting = Meeting(door(), papers(given))
    with pytest.raises(SessionRefused, match=said) as refused:
        meeting.enter()
    assert refused.value.reason == RefusalReason.PASSWORD
    assert meeting.carry_down().reason == RefusalReason.PASSWORD


def test_a_channel_that_can_be_sealed_is_not_used_open():
    # Somebody in the middle passes it all on to a transport of the server's that cannot.
    meeting = Meeting(door(), papers())
    meeting.client._enable_encryption = meeting.secure("client")
    meeting.carry_up()
    assert meeting.carry_down().reason == RefusalReason.NO_ENCRYPTION
    assert meeting.up == []


def test_a_hello_of_any_size_is_answered_in_a_line():
    meeting = Meeting(door(), papers())
    with pytest.raises(SessionRefused):
        meeting.server.message_received(encode_hello(Hello("\0" * 60_000, None), b""), meeting.now)
    assert len(meeting.down.pop()) < 200


def test_what_a_server_says_to_people_does_not_steer_their_terminal():
    for write in (encode_close, lambda text: encode_refusal("full", text)):
        meeting = Meeting(door(), papers())
        heard = meeting.client.message_received(write("\x1b[2Jno\r\n\u202eroom" * 99), meeting.now)
        text = heard.text if isinstance(heard, Close) else str(heard)
        assert text.startswith("?[2Jno???room")
        assert text.isprintable()
        assert len(text) == MAX_LINE_CHARS


def test_a_client_that_skips_the_proof_is_not_heard():
    for early in (
        MessageType.APPLICATION,
        MessageType.EVENT,
        MessageType.HELLO,
        MessageType.WELCOME,
    ):
        meeting = Meeting(door(), papers())
        meeting.carry_up()
        with pytest.raises(DecodeError):
            meeting.server.message_received(bytes([early]) + b"in", meeting.now)


def test_a_recorded_exchange_opens_no_second_time():
    one_door = door()
    legal = Meeting(one_door, papers())
    heard = [legal.up[0]]
    legal.carry_up()
    legal.carry_down()
    heard.append(legal.up[0])
    legal.carry_up()
    replay = Meeting(one_door, papers())
    replay.server.message_received(heard[0], replay.now)
    with pytest.raises(SessionRefused):
        replay.server.message_received(heard[1], replay.now)


def test_a_proof_made_for_an_impostor_does_not_open_the_real_door():
    """Who stands in the middle changes the challenge (its key, say) and passes the proof on."""
    victim, impostor, real = (
        Meeting(door(seed=s), papers(), supports_encryption=True) for s in (1, 2, 1)
    )
    impostor.carry_up()
    hello = victim.up.pop(0)
    victim.client.message_received(impostor.down[0], victim.now)
    real.server.message_received(hello, real.now)
    with pytest.raises(SessionRefused):
        real.server.message_received(victim.up[0], real.now)


def test_an_impostor_that_lets_everybody_in_is_left():
    meeting = Meeting(door("another word"), papers())
    meeting.carry_up()
    meeting.carry_down()
    refused = meeting.welcome()
    assert isinstance(refused, SessionRefused)
    assert "does not know the password" in str(refused)
    # It has let us in, and would keep us a place.
    assert meeting.up[-1][0] == MessageType.CLOSE


def test_a_server_that_asks_for_no_password_is_not_the_one_that_was_meant():
    meeting = Meeting(door(password=""), papers())
    meeting.carry_up()
    refused = meeting.welcome()
    assert isinstance(refused, SessionRefused)
    assert "asks for no password" in str(refused)


@pytest.mark.parametrize("password", ["", WORD])
def test_a_place_is_given_back_to_who_has_its_token(password):
    meeting = Meeting(door(password), papers(password, TOKEN), PLACE)
    said = list(meeting.up)
    assert meeting.carry_up() is None
    meeting.carry_down()
    said += meeting.up
    assert meeting.carry_up().slot_id == PLACE
    assert not any(TOKEN.encode() in message for message in said)


@pytest.mark.parametrize("password", ["", WORD])
@pytest.mark.parametrize("token", ["", "e" * 32])
def test_the_place_of_another_is_not_given(password, token):
    meeting = Meeting(door(password), papers(password, token), PLACE)
    with pytest.raises(SessionRefused) as refused:
        meeting.enter()
    assert refused.value.reason == RefusalReason.BAD_RESUME_TOKEN


def test_a_token_opens_no_door_that_asks_for_a_password():
    meeting = Meeting(door(), papers("", TOKEN), PLACE)
    with pytest.raises(SessionRefused) as refused:
        meeting.enter()
    assert refused.value.reason == RefusalReason.PASSWORD


def test_a_place_that_has_ended_means_a_fresh_start():
    meeting = Meeting(door(password=""), papers("", TOKEN), "no such place")
    assert meeting.carry_up().slot_id == ""


def test_failures_in_a_row_slow_down_and_even_the_right_word_waits():
    one_door = door()
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SessionRefused):
            Meeting(one_door, papers("wrong")).enter()
    with pytest.raises(SessionRefused, match="try again in 1 s") as refused:
        Meeting(one_door, papers()).enter()
    assert refused.value.reason == RefusalReason.RATE_LIMITED
    assert Meeting(one_door, papers(), visitor="ben").enter()
    later = Meeting(one_door, papers())
    later.now += 1.0
    assert later.enter()


def test_who_has_a_place_is_not_kept_waiting_for_the_slips_of_neighbours():
    one_door = door()
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SessionRefused):
            Meeting(one_door, papers("wrong")).enter()
    assert Meeting(one_door, papers(WORD, TOKEN), PLACE).enter().slot_id == PLACE


def test_with_a_password_both_ends_of_a_channel_that_encrypts_get_the_same_keys():
    meeting = Meeting(door(), papers(), supports_encryption=True)
    meeting.enter()
    assert meeting.keys["client"] == meeting.keys["server"][::-1]
    assert len(set(meeting.keys["client"])) == 2


def test_every_conversation_has_keys_of_its_own():
    one_door = door()
    meetings = [Meeting(one_door, papers(seed=seed), supports_encryption=True) for seed in (2, 3)]
    for meeting in meetings:
        meeting.enter()
    assert not set(meetings[0].keys["client"]) & set(meetings[1].keys["client"])


@pytest.mark.parametrize("word", ["", "wrong"])
def test_who_does_not_know_the_password_gets_no_keys_from_the_server(word):
    meeting = Meeting(door(), papers(word), supports_encryption=True)
    with pytest.raises(SessionRefused):
        meeting.enter()
    assert "server" not in meeting.keys


def test_a_second_challenge_or_welcome_is_no_servers_word():
    meeting = Meeting(door(), papers())
    meeting.carry_up()
    challenge = meeting.down[0]
    meeting.carry_down()
    with pytest.raises(DecodeError):
        meeting.client.message_received(challenge, meeting.now)
    meeting.carry_up()
    meeting.server.welcome(Welcome(TOKEN, False, 0, None, PLACE))
    welcome = meeting.down[0]
    meeting.carry_down()
    with pytest.raises(DecodeError):
        meeting.client.message_received(welcome, meeting.now)
