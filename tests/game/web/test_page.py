"""The page in a real browser: it joins, plays, and comes back."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from game.match.world import BALL_RADIUS, PLAYER_RADIUS, Team
from game.server.room import NO_MEMBER
from net.link.spec import parse_link
from net.security.certificates import make_self_signed
from tests.game.web.chromium import (
    ACCEPT_CERTIFICATE,
    PHONE,
    PLAYING,
    SCREEN,
    Browser,
    Page,
    browser,
)
from tests.game.web.hosts import HTTP_OFFSET, LOOPBACK, Host, hosting, relaying, until

# A browser takes seconds of processor time a test. Each run plays once; the rest is ``slow``.
pytestmark = pytest.mark.timeout(120)

TOASTS = "document.querySelector('#toasts').textContent"


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        yield running


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    with chromium.page() as opened:
        opened.set_screen(PHONE, is_phone=True)
        yield opened


def join(page: Page, url: str, name: str = "Ana", password: str = "") -> None:
    page.open(url)
    page.until("window.jitterball?.server")
    page.run(f"document.querySelector('#name').value = '{name}'")
    page.run(f"document.querySelector('#password').value = '{password}'")
    page.click("#play")


def joined(page: Page, host: Host, name: str = "Ana", query: str = "") -> None:
    join(page, host.url + query, name)
    page.until(PLAYING)


def put_ball_before(host: Host, name: str) -> None:
    """Put the ball to the right of a player, within reach of a kick."""
    body, ball = host.body(name), host.room().match.world.ball
    ball.x, ball.y = body.x + PLAYER_RADIUS + BALL_RADIUS + 2.0, body.y
    ball.vx = ball.vy = 0.0


class TestPlay:
    def test_a_page_joins_and_shows_the_match(self, page, host):
        joined(page, host)
        assert [member.name for member in host.room().members] == ["Ana"]
        assert page.run("document.querySelector('#room').textContent") in ("", "main")
        page.until("document.querySelector('#rtt').textContent.endsWith('ms')")
        assert page.errors == []

    @pytest.mark.slow
    @pytest.mark.parametrize("codec", ["json", "msgpack"])
    def test_both_codecs_carry_the_match(self, page, host, codec):
        joined(page, host, query=f"?codec={codec}")
        start = page.run("jitterball.client.scene.newest.tick")
        page.until(f"jitterball.client.scene.newest.tick > {start} + 30")
        assert page.errors == []

    @pytest.mark.slow
    @pytest.mark.parametrize(("code", "axis", "sign"), [("KeyA", "x", -1), ("ArrowDown", "y", 1)])
    def test_keys_move_the_player(self, page, host, code, axis, sign):
        joined(page, host)
        before = getattr(host.body("Ana"), axis)
        page.key(code, True)
        until(lambda: (getattr(host.body("Ana"), axis) - before) * sign > 40)
        page.key(code, False)
        until(lambda: abs(host.body("Ana").vx) + abs(host.body("Ana").vy) < 1)

    @pytest.mark.slow
    def test_the_space_bar_kicks(self, page, host):
        joined(page, host)
        put_ball_before(host, "Ana")
        page.key("Space", True)
        until(lambda: host.room().match.world.ball.vx > 300)
        page.key("Space", False)

    @pytest.mark.slow
    def test_a_goal_is_scored_and_announced(self, page, host):
        joined(page, host)
        match = host.room().match
        until(lambda: host.body("Ana").x != 0)
        body, ball = host.body("Ana"), match.world.ball
        match.world.kickoff_team = None
        time.sleep(0.1)
        sign = match.world.attack_sign(body.team)
        body.x, body.y, body.vx, body.vy = sign * 490.0, 0.0, 0.0, 0.0
        ball.x, ball.y, ball.vx, ball.vy = sign * 516.0, 0.0, 0.0, 0.0
        page.key("Space", True)
        page.until("document.querySelector('#banner b').textContent === 'GOAL!'")
        page.key("Space", False)
        assert sum(match.score) == 1
        page.until("document.querySelector('#banner span').textContent === 'Ana'")
        goals = ("orange", "sky")[body.team]
        page.until(f"document.querySelector('#{goals}-goals').textContent === '1'")

    @pytest.mark.slow
    def test_a_refused_request_is_explained_in_the_language_of_the_page(self, page, host):
        joined(page, host, query="?lang=es")
        page.run("jitterball.client.askRoom(6, 'a few')")
        page.until(f"{TOASTS}.includes('indica un número de 1 a ')")

    @pytest.mark.slow
    def test_a_spectator_sees_and_takes_no_slot(self, page, host):
        page.open(host.url + "?watch=1&name=Eye")
        page.until(PLAYING)
        assert host.room().player_count == 0
        assert page.run("jitterball.client.scene.ownId") is None
        page.until("document.querySelector('#room').textContent === 'main (watching)'")

    @pytest.mark.slow
    def test_a_page_changes_sides_watches_comes_back_and_writes(self, page, host):
        joined(page, host)
        member = host.room().members[0]
        page.click("#room-menu")
        page.click("#side-none")
        page.until("jitterball.client.scene.ownId === null")
        assert member.player_id is None
        for button, team in (("side-sky", Team.SKY), ("side-orange", Team.ORANGE)):
            page.click(f"#{button}")
            until(
                lambda team=team: (
                    member.player_id is not None
                    and host.room().match.roster()[member.player_id].team is team
                )
            )
        page.until("jitterball.client.scene.ownId !== null")
        page.click("#room-menu")
        page.run("document.querySelector('#chat-line').value = 'hello'")
        page.run("document.querySelector('#room-panel').requestSubmit()")
        page.until("document.querySelector('#toasts').textContent.includes('Ana: hello')")
        assert page.run("document.querySelector('#room-panel').hidden")
        assert page.errors == []

    @pytest.mark.slow
    def test_who_opened_the_room_stops_the_match_and_sets_its_length(self, page, host):
        joined(page, host)
        page.click("#pause")
        page.until("document.querySelector('#banner').textContent.startsWith('Match stopped')")
        assert host.room().is_paused
        page.click("#pause")
        page.run(
            "const choice = document.querySelector('#match-minutes'); choice.value = '10';"
            "choice.dispatchEvent(new Event('change'))"
        )
        page.until("document.querySelector('#toasts').textContent.includes('lasts 10 min')")
        until(lambda: not host.room().is_paused)
        assert page.errors == []

    @pytest.mark.slow
    def test_the_letter_e_says_ready_unless_it_is_a_command_of_the_browser(self, page, host):
        joined(page, host)
        host.room().set_paused(True, NO_MEMBER)
        page.until("!document.querySelector('#ready').hidden")
        page.run("window.asked = []; jitterball.client.askRoom = (action) => asked.push(action)")
        page.press("e", has_ctrl=True)
        assert page.run("asked") == []
        page.run("delete jitterball.client.askRoom")
        page.press("e")
        page.until("document.querySelector('#ready').classList.contains('on')")
        assert host.room().is_ready(host.room().members[0])
        page.press("e")
        page.until("!document.querySelector('#ready').classList.contains('on')")
        assert page.errors == []

    @pytest.mark.slow
    def test_a_stopped_match_says_who_stopped_it(self, page, host):
        joined(page, host)
        host.room().set_paused(True, "Eva")
        page.until("document.querySelector('#banner').textContent === 'Match stoppedby Eva'")
        host.room().set_paused(False, "Eva")
        page.until("document.querySelector('#banner').hidden")

    @pytest.mark.slow
    def test_the_team_of_the_form_is_played_for(self, page, host):
        page.open(host.url + "?lang=en")
        page.until("window.jitterball?.server")
        page.run("document.querySelector('#team').value = '1'")
        page.click("#play")
        page.until(PLAYING)
        (entry,) = host.room().match.roster().values()
        assert entry.team is Team.SKY

    @pytest.mark.slow
    def test_a_page_plays_in_the_room_that_it_names(self, page, host):
        joined(page, host, query="?room=blue")
        assert host.room().name == "blue"

    @pytest.mark.slow
    def test_leaving_frees_the_slot(self, page, host):
        joined(page, host)
        page.click("#leave")
        until(lambda: not host.server.rooms)
        page.until("document.body.classList.contains('joining')")


@pytest.mark.slow
class TestTouch:
    def test_a_thumb_steers_in_the_direction_that_it_sees(self, phone, host):
        """Upright, the pitch shows the own team attacking upwards."""
        joined(phone, host)
        phone.until("jitterball.client.scene.newest.tick > 60")
        body = host.body("Ana")
        sign = host.room().match.world.attack_sign(body.team)
        body.x = -sign * 300.0
        before = body.x
        phone.touch("touchStart", (80, 760))
        phone.touch("touchMove", (80, 700))
        until(lambda: (host.body("Ana").x - before) * sign > 40)
        phone.touch("touchEnd")
        until(lambda: abs(host.body("Ana").vx) < 1)

    def test_the_other_thumb_kicks_meanwhile(self, phone, host):
        joined(phone, host)
        put_ball_before(host, "Ana")
        phone.touch("touchStart", (80, 760))
        phone.touch("touchStart", (80, 760), (320, 760))
        until(lambda: host.room().match.world.ball.vx > 300)
        phone.touch("touchEnd")


@pytest.mark.slow
class TestNetwork:
    def test_the_page_survives_a_restart_of_the_server(self, page):
        with hosting() as first:
            joined(page, first)
        page.until("jitterball.client.status === 'lost'")
        page.until("!document.querySelector('#banner').hidden")
        with hosting(port=first.server.base_port) as second:
            until(lambda: second.server.rooms)
            page.until(PLAYING)
            assert [member.name for member in second.room().members] == ["Ana"]
            page.until("document.querySelector('#banner').hidden")

    def test_a_cut_connection_gets_its_slot_back(self, page, host):
        with relaying(host) as relay:
            join_through(page, relay.port)
            own_id = page.run("jitterball.client.scene.ownId")
            body = host.body("Ana")
        page.until("jitterball.client.status === 'lost'")
        with relaying(host, port=relay.port):
            page.until(PLAYING)
            assert page.run("jitterball.client.scene.ownId") == own_id
            assert host.body("Ana") is body

    def test_a_vote_that_was_lost_with_its_connection_is_sent_again(self, page, host):
        joined(page, host)
        host.call(host.server.classroom.blind_test.begin)
        page.until("document.querySelectorAll('#ballot button').length")
        page.click("#ballot button")
        (slot,) = host.server.lobby.all_slots()
        until(lambda: slot.owner.vote == "tcp")
        slot.owner.vote = ""
        page.run("jitterball.client._lose(jitterball.client._current, '')")
        until(lambda: slot.owner.vote == "tcp")

    def test_a_page_that_is_loaded_again_comes_back_by_itself(self, page, host):
        joined(page, host)
        page.until("jitterball.client.scene.newest.own.lastInput > 20")
        body, room = host.body("Ana"), host.room()
        host.call(room.chat, room.members[0], "before")
        page.until(f"{TOASTS}.includes('Ana: before')")
        page.call("Page.reload")
        page.until(PLAYING)
        assert host.body("Ana") is body
        # It goes on after the last event that it has shown.
        host.call(room.chat, room.members[0], "after")
        page.until(f"{TOASTS}.includes('Ana: after')")
        assert "before" not in page.run(TOASTS)
        before = body.x
        page.key("KeyA", True)
        until(lambda: host.body("Ana").x < before - 20)
        page.key("KeyA", False)

    def test_the_page_plays_through_a_lossy_link(self, page, host):
        with relaying(host, "delay=25ms,loss=5%") as relay:
            join_through(page, relay.port)
            before = host.body("Ana").x
            page.key("KeyA", True)
            until(lambda: host.body("Ana").x < before - 40)
            page.key("KeyA", False)
            page.until("jitterball.stats().rttS > 0.05")
            page.until("jitterball.client.scene.monitor.columns.length > 90")
            assert page.errors == []


def join_through(page: Page, port: int, password: str = "") -> None:
    """Join over a relay on ``port``."""
    join(page, f"http://{LOOPBACK}:{port + HTTP_OFFSET}/", password=password)
    page.until(PLAYING)


@pytest.mark.slow
class TestTls:
    def test_a_page_that_came_encrypted_plays_encrypted(self):
        with (
            hosting(tls=make_self_signed()) as host,
            browser(ACCEPT_CERTIFICATE) as chromium,
            chromium.page() as page,
        ):
            joined(page, host)
            assert page.run("jitterball.client.addresses.websocket").startswith("wss://")
            assert page.errors == []


@pytest.mark.slow
class TestPassword:
    @pytest.fixture
    def host(self) -> Iterator[Host]:
        with hosting(password="señal") as running:
            yield running

    def test_who_knows_it_plays(self, page, host):
        join(page, host.url, password="señal")
        page.until(PLAYING)
        assert page.errors == []

    @pytest.mark.parametrize(
        ("typed", "problem"), [("wrong", "That is not the password"), ("", "asks for a password")]
    )
    def test_who_does_not_is_told(self, page, host, typed, problem):
        join(page, host.url, password=typed)
        page.until(f"document.querySelector('#problem').textContent.includes('{problem}')")
        assert not host.server.rooms

    def test_the_page_leaves_a_server_that_asks_for_none(self, page):
        with hosting() as other:
            join(page, other.url, password="señal")
            page.until("document.querySelector('#problem').textContent.includes('leave it empty')")

    def test_coming_back_derives_no_second_key(self, page, host):
        """A server keeps its salt, and a derivation takes a phone seconds."""
        with relaying(host) as relay:
            join_through(page, relay.port, password="señal")
        page.run("window.Worker = null")
        with relaying(host, port=relay.port):
            page.until("jitterball.client.status === 'lost'")
            page.until(PLAYING)


@pytest.mark.slow
class TestLook:
    def test_spanish_is_chosen_by_the_address(self, page, host):
        page.open(host.url + "?lang=es")
        page.until("document.querySelector('#play').textContent === 'Jugar'")
        assert page.run("document.documentElement.lang") == "es"

    def test_a_page_of_a_class_offers_nothing_that_is_the_teachers(self, page):
        with hosting(has_class=True) as host:
            joined(page, host)
            page.click("#room-menu")
            shown = page.run(
                "[...document.querySelectorAll('#room-panel > *')]"
                ".filter((each) => each.offsetWidth).map((each) => each.id)"
            )
            assert shown == ["side-orange", "side-sky", "side-none"]

    @pytest.mark.parametrize("size", [PHONE, (844, 390)])
    def test_the_longest_link_leaves_the_screen_as_wide_as_it_is(self, page, size):
        with hosting(has_class=True) as host:
            page.set_screen(size, is_phone=True)
            link = parse_link("delay=250ms,jitter=100ms,loss=12.5%")
            host.call(lambda: host.server.classroom.set_link(link))
            joined(page, host, query="?lang=es")
            page.until("document.getElementById('link').textContent.includes('250ms')")
            right = page.run(
                "Math.max(...['link', 'ghosts', 'leave', 'lagometer'].map((id) =>"
                "document.getElementById(id).getBoundingClientRect().right))"
            )
            assert right <= size[0]

    @pytest.mark.parametrize("size", [PHONE, SCREEN, (844, 390)])
    def test_nothing_is_cut_off(self, page, host, size, tmp_path: Path):
        page.set_screen(size, is_phone=size != SCREEN)
        joined(page, host)
        page.until("document.querySelector('#rtt').textContent.endsWith('ms')")
        page.click("#room-menu")
        page.screenshot(tmp_path / "page.png")
        sticking_out = page.run("""
            [...document.querySelectorAll('#match *')].filter((element) => {
              const { left, right, top, bottom, width } = element.getBoundingClientRect();
              return width && (left < -1 || top < -1 || right > innerWidth + 1
                || bottom > innerHeight + 1);
            }).map((element) => element.id || element.tagName)""")
        assert sticking_out == []
        assert page.run("document.documentElement.scrollWidth") <= size[0]
