"""Ghosts in a real browser: the page shows where the server has everything, past the link."""

from collections.abc import Iterator
from math import hypot

import pytest

from net.link.spec import parse_link
from net.security.certificates import make_self_signed
from tests.game.web.chromium import ACCEPT_CERTIFICATE, PHONE, PLAYING, Page, browser, join
from tests.game.web.hosts import Host, hosting, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

# One way. Far more than a page needs to be told something past the link.
DELAY_S = 0.3
GHOSTS = "jitterball._ghosts._reference?.newest"
# True while the page is drawing ghosts.
HAS_GHOSTS = f"Boolean({GHOSTS})"


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting(bots=4, has_class=True) as running:
        yield running


def join_as_ana(page: Page, host: Host, query: str = "") -> None:
    join(page, f"{host.url}?name=Ana{query}")


def connections(host: Host) -> int:
    return len(host.server.connections)


def lag_units(page: Page) -> float:
    """Return how far the ball of the player's own snapshots is from that of the ghosts."""
    ball, ghost = page.run(f"[jitterball.client.scene.newest.ball, {GHOSTS}.ball]")
    return hypot(ball["x"] - ghost["x"], ball["y"] - ghost["y"])


def test_ghosts_pass_no_link_and_are_off_until_the_key_is_pressed(page, host):
    host.call(lambda: host.server.classroom.set_link(parse_link(f"delay={DELAY_S * 1000:.0f}ms")))
    join_as_ana(page, host)
    assert connections(host) == 1
    assert page.run("document.getElementById('ghosts').offsetWidth") > 0
    page.press("g")
    page.until(HAS_GHOSTS)
    page.until("document.getElementById('ghosts').classList.contains('on')")
    # The same server's tick, and the ghosts know it earlier by the delay of the link. A page on a
    # busy machine has to read what has arrived first.
    page.until(f"{GHOSTS}.timeS - jitterball.client.scene.newest?.timeS > {DELAY_S * 0.8}")
    until(lambda: lag_units(page) > 5)
    # No place in the room, and no line in the teacher's table.
    assert connections(host) == 2
    assert len(host.room().members) == host.room().player_count == 1
    assert [player.name for player in host.server.stats().players] == ["Ana"]
    page.press("g")
    until(lambda: connections(host) == 1)
    assert not page.run(HAS_GHOSTS)
    assert page.errors == []


def test_a_finger_turns_them_on(chromium, host):
    with chromium.page() as phone:
        phone.set_screen(PHONE, is_phone=True)
        join_as_ana(phone, host)
        box = phone.run(
            "(({ x, y, width, height }) => [x + width / 2, y + height / 2])"
            "(document.getElementById('ghosts').getBoundingClientRect())"
        )
        phone.touch("touchStart", tuple(box))
        phone.touch("touchEnd")
        phone.until(HAS_GHOSTS)


def test_a_burst_stops_the_picture_and_not_the_ghosts(page, host):
    join_as_ana(page, host)
    page.press("g")
    page.until(HAS_GHOSTS)
    host.call(lambda: host.server.classroom.burst(2.0))
    page.until("jitterball.client.silenceS(performance.now() / 1000) > 0.8")
    before, ghosts = page.run(f"[jitterball.client.scene.newest.tick, {GHOSTS}.tick]")
    page.until(f"{GHOSTS}.tick > {ghosts} + 20")
    assert page.run("jitterball.client.scene.newest.tick") == before


def test_a_blind_test_takes_them_away_until_the_reveal(page, host):
    join_as_ana(page, host)
    page.press("g")
    page.until(HAS_GHOSTS)
    host.call(lambda: host.server.classroom.blind_test.begin())
    page.until("document.getElementById('ghosts').disabled")
    until(lambda: connections(host) == 1)
    page.press("g")
    page.press("g")
    assert not page.run(HAS_GHOSTS)
    host.call(lambda: host.server.classroom.blind_test.reveal())
    page.until(HAS_GHOSTS)


def test_they_come_back_after_a_restart_of_the_server(page):
    with hosting(has_class=True) as first:
        join_as_ana(page, first)
        page.press("g")
        page.until(HAS_GHOSTS)
    page.until("jitterball.client.status === 'lost'")
    page.until(f"!{HAS_GHOSTS}")
    with hosting(port=first.server.base_port, has_class=True):
        page.until(PLAYING)
        page.until(HAS_GHOSTS)


def test_they_stay_while_the_player_moves_to_webtransport():
    pytest.importorskip("aioquic", reason="WebTransport needs aioquic, which is not installed")
    with (
        hosting(tls=make_self_signed(), has_class=True) as host,
        browser(ACCEPT_CERTIFICATE) as chromium,
        chromium.page() as page,
    ):
        join_as_ana(page, host, "&transport=webtransport")
        page.press("g")
        page.until(HAS_GHOSTS)
        page.run("jitterball.client.moveTo('websocket')")
        page.until("jitterball.client.moves.at(-1).transport === 'websocket'")
        tick = page.run(f"{GHOSTS}.tick")
        page.until(f"{GHOSTS}.tick > {tick} + 20")
        assert page.errors == []


def test_they_need_the_password_too(page):
    with hosting(password="señal", has_class=True) as host:
        page.open(host.url)
        page.until("window.jitterball?.server")
        page.run("document.getElementById('password').value = 'señal'")
        page.click("#play")
        page.until(PLAYING)
        page.press("g")
        page.until(HAS_GHOSTS)


def test_without_a_link_there_are_none(page):
    with hosting() as host:
        join_as_ana(page, host)
        page.press("g")
        assert page.run("document.getElementById('ghosts').hidden")
        assert not page.run(HAS_GHOSTS)


def test_a_page_without_a_way_past_the_link_says_so(page, host):
    join_as_ana(page, host)
    page.run("jitterball._ghosts._url = 'ws://127.0.0.1:9/'")
    page.press("g")
    page.until("document.getElementById('toasts').textContent.includes('No ghosts')")
