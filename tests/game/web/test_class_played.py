"""A class that is played whole: every control of the teacher's page, and what each student gets.

The teacher is a browser. The students are pages, clients over each transport, and a bot that knows
the open protocol only.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from game.cli.app import main
from game.lab.class_results.archive import load_class_results
from game.match.rules import HALF_S_PER_MINUTE
from game.match.world import Team
from game.protocol.messages import BlindStage, Notice, PauseChanged
from net.link.presets import PRESETS
from tests.game.web.chromium import PHONE, PLAYING, SCREEN, Page, browser, join
from tests.game.web.hosts import TEACHER_SECRET, Host, hosting, until
from tests.game.web.students import Student, students
from tests.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

BOTS = 4
OPEN_BOT = ROOT / "docs" / "examples" / "bots" / "websocket_async.py"
CLIENTS = {"Tea": "tcp", "Uma": "udp", "Wes": "websocket"}
PAGES = ("Ana", "Luis")
# Of a client that reports no figures.
UNKNOWN = "\N{EN DASH}"
EVERYBODY = {*CLIENTS, *PAGES, "Own"}
# A burst of the page lasts a second; its ends are not where a student's packets are.
BURST_SEEN_MS = 600


class Class:
    """The class as the teacher's page and all students see it."""

    def __init__(
        self, host: Host, teacher: Page, pages: dict[str, Page], clients: dict[str, Student]
    ) -> None:
        self.host, self.teacher, self.pages, self.clients = host, teacher, pages, clients

    def slide(self, name: str, value: int) -> None:
        """Move a slider of the teacher's page, as a mouse does."""
        self.teacher.run(
            f"((slider) => {{ slider.value = {value};"
            "for (const kind of ['input', 'change']) slider.dispatchEvent(new Event(kind)); })"
            f"(document.getElementById({name!r}))"
        )

    def choose(self, name: str) -> None:
        """Click the row of a student."""
        self.teacher.run(
            "[...document.querySelectorAll('#students tr')]"
            f".find((row) => row.firstElementChild.textContent === {name!r}).click()"
        )
        self.teacher.until(f"document.getElementById('who').textContent === {name!r}")

    def column(self, head: str) -> dict[str, str]:
        """Return a column of the table: its cells by the names of the students."""
        return self.teacher.run(
            "(() => { const heads = [...document.querySelectorAll('#heads th')];"
            f"const at = heads.findIndex((each) => each.textContent.startsWith({head!r}));"
            "if (at < 0) return {};"
            "return Object.fromEntries([...document.querySelectorAll('#students tr')].map((row) =>"
            "[row.children[0].textContent, row.children[at].textContent])); })()"
        )

    def link_is(self, badge: str, names: set[str] = EVERYBODY) -> None:
        """Wait until the screens of these students show a badge that begins like this."""
        for name in names & self.pages.keys():
            words = f"document.getElementById('link').textContent.startsWith('LINK {badge}')"
            self.pages[name].until(words)
        labels = [self.clients[name] for name in names & self.clients.keys()]
        until(lambda: all(badge_of(each).startswith(badge) for each in labels))

    def pages_show(self, words: str) -> None:
        for page in self.pages.values():
            page.until(f"document.querySelector('#match').textContent.includes({words!r})")


def badge_of(client: Student) -> str:
    """Return a client's badge without the units, which a page leaves as they were typed."""
    return client.frame.link_label.removeprefix("LINK ").replace(":", ",")


@contextmanager
def open_bot(host: Host) -> Iterator[None]:
    """Run a client that a student wrote after the page on the protocol."""
    command = [sys.executable, OPEN_BOT, "127.0.0.1", str(host.server.base_port), "main", "Own"]
    with subprocess.Popen(command) as process:
        yield
        assert process.poll() is None, "the bot of the open protocol did not play to the end"
        process.terminate()


@pytest.fixture
def played() -> Iterator[Class]:
    with ExitStack() as stack:
        host = stack.enter_context(hosting(bots=BOTS, has_class=True))
        # A browser each: a page behind another one draws no frames.
        teacher, *pages = (
            stack.enter_context(stack.enter_context(browser()).page()) for _ in range(3)
        )
        for page, name in zip(pages, PAGES, strict=True):
            page.set_screen(PHONE, is_phone=True)
            join(page, f"{host.url}?lang=en&name={name}")
        stack.enter_context(open_bot(host))
        clients = stack.enter_context(students(host.server.base_port, CLIENTS))
        teacher.set_screen(SCREEN)
        teacher.open(f"{host.url}teacher?lang=en#{TEACHER_SECRET}")
        teacher.until(f"document.querySelectorAll('#students tr').length === {len(EVERYBODY)}")
        yield Class(host, teacher, dict(zip(PAGES, pages, strict=True)), clients)


def test_the_teacher_uses_every_control(played: Class, tmp_path: Path) -> None:
    play_over_every_link(played)
    change_one_student(played)
    move_everybody(played)
    run_a_blind_test(played)
    run_the_match(played)
    sort_the_table(played)
    read_the_results(played, tmp_path)
    send_one_out(played)
    assert [page.errors for page in played.pages.values()] == [[], []]
    # Losing a player that is sent out is no error of the page.
    assert played.teacher.errors == []


def play_over_every_link(played: Class) -> None:
    until(lambda: set(played.column("device").values()) == {"page", "window", UNKNOWN})
    for name in PRESETS:
        played.teacher.click_text("#presets", name)
        played.link_is(f"{name},")
        assert played.host.server.classroom.link == PRESETS[name]
    played.slide("delay", 60)
    played.slide("jitter", 10)
    played.slide("loss", 2)
    for page in played.pages.values():
        words = "document.getElementById('link').textContent"
        page.until(f"{words}.includes('delay=60ms,jitter=10ms,loss=2%')")
    until(lambda: all("60" in each.frame.link_label for each in played.clients.values()))
    until(lambda: min(reporting(played, "RTT")) > 110)
    played.teacher.click("#burst")
    until(lambda: min(reporting(played, "freeze")) > BURST_SEEN_MS)
    # The bot of the open protocol reports nothing, and feels the link too.
    until(lambda: number(played.column("lost on the wire")["Own"]) > 0)
    played.teacher.click("#none")
    played.link_is("none")
    assert played.teacher.run("document.getElementById('delay').value") == "0"


def reporting(played: Class, head: str) -> list[float]:
    """Return a column of those who report figures."""
    return [number(cell) for name, cell in played.column(head).items() if name != "Own"]


def number(cell: str) -> float:
    return -1.0 if cell == UNKNOWN else float(cell)


def change_one_student(played: Class) -> None:
    others = EVERYBODY - {"Luis"}
    played.choose("Luis")
    played.teacher.click_text("#presets", "lossy")
    played.link_is("lossy,", {"Luis"})
    played.link_is("none", others)
    until(lambda: played.column("link") == dict.fromkeys(others, "") | {"Luis": "lossy"})
    played.teacher.click("#burst")
    page = played.pages["Luis"]
    page.until("jitterball.client.silenceS(performance.now() / 1000) > 0.4")
    assert all(each.frame.network.silence_s < 0.4 for each in played.clients.values())
    played.teacher.click("#none")
    played.link_is("none", {"Luis"})
    played.teacher.click("#everybody")
    played.teacher.until("document.getElementById('who').textContent === 'everybody'")
    # What is set for all replaces what one had.
    played.teacher.click_text("#presets", "wifi")
    played.link_is("wifi,")
    until(lambda: played.column("link") == {})


def move_everybody(played: Class) -> None:
    for title, name in (("TCP", "tcp"), ("UDP", "udp"), ("WebSocket", "websocket")):
        played.teacher.click_text("#transports", title)
        until(lambda name=name: all(each.frame.transport == name for each in clients_of(played)))
        until(lambda title=title: [*reporting_transports(played)] == [title] * len(CLIENTS))
    played.choose("Uma")
    played.teacher.click_text("#transports", "TCP")
    until(lambda: played.clients["Uma"].frame.transport == "tcp")
    assert played.clients["Wes"].frame.transport == "websocket"
    played.teacher.click("#everybody")
    played.teacher.click_text("#transports", "each at random")
    until(lambda: all(each.frame.switching_to is None for each in clients_of(played)))
    # A page has the one transport, and stays in the match.
    played.pages["Ana"].until(PLAYING)
    until(lambda: played.column("transport").get("Ana") == "WebSocket")


def clients_of(played: Class) -> list[Student]:
    return list(played.clients.values())


def reporting_transports(played: Class) -> list[str]:
    column = played.column("transport")
    return [column[name] for name in CLIENTS]


def run_a_blind_test(played: Class) -> None:
    played.teacher.click("#blind-begin")
    for page in played.pages.values():
        page.until("document.querySelectorAll('#ballot button').length === 3")
        assert page.run("document.querySelector('#where .transport').textContent") == "?"
        page.run("document.querySelectorAll('#ballot button')[2].click()")
    until(lambda: all(each.frame.blind_choices for each in clients_of(played)))
    for each in clients_of(played):
        each.client.vote("udp")
    votes = len(PAGES) + len(CLIENTS)
    played.teacher.until(
        f"document.getElementById('votes').textContent === '{votes} of {len(EVERYBODY)} have voted'"
    )
    until(lambda: set(played.column("transport").values()) == {"?"})
    right = len(PAGES) + sum(each.frame.transport == "udp" for each in clients_of(played))
    played.teacher.click("#blind-reveal")
    words = f"'{right} of {votes} guessed right'"
    played.teacher.until(f"document.getElementById('votes').textContent.startsWith({words})")
    for page in played.pages.values():
        page.until("document.getElementById('ballot').hidden")
    until(lambda: not any(each.frame.blind_choices for each in clients_of(played)))
    until(lambda: played.column("vote").get("Ana") == "WebSocket")
    played.teacher.click("#blind-end")
    played.teacher.until("document.getElementById('votes').hidden")
    assert played.host.server.classroom.blind_test.stage is BlindStage.OFF


def run_the_match(played: Class) -> None:
    room = played.host.room()
    played.teacher.click("#pause")
    played.pages_show("Match stopped")
    played.teacher.until("document.getElementById('pause').textContent === 'Continue'")
    assert room.is_paused
    played.teacher.click("#pause")
    until(lambda: not room.is_paused)
    until(lambda: all(pauses_of(each) == [True, False] for each in clients_of(played)))
    for page in played.pages.values():
        page.until("document.getElementById('banner').hidden")
    played.slide("minutes", 10)
    played.slide("goals", 3)
    played.pages_show("A match lasts 10 min, goal limit: 3")
    assert room.match.settings.half_s == 10 * HALF_S_PER_MINUTE
    played.teacher.click("#restart")
    for page in played.pages.values():
        page.until("document.getElementById('clock').textContent.startsWith('4:5')")
    played.slide("bots", 2)
    until(lambda: sum(entry.is_bot for entry in room.match.roster().values()) == 2)
    played.teacher.click("#draw-teams")
    until(lambda: room.match.clock_s < 1)
    people = [entry for entry in room.match.roster().values() if not entry.is_bot]
    assert [sum(entry.team is team for entry in people) for team in Team] == [3, 3]
    played.teacher.run(
        "document.getElementById('line').value = 'well played';"
        "document.getElementById('say').requestSubmit()"
    )
    played.pages_show("well played")
    until(lambda: all(Notice in map(type, each.events) for each in clients_of(played)))


def pauses_of(client: Student) -> list[bool]:
    return [event.is_paused for event in client.events if isinstance(event, PauseChanged)]


def sort_the_table(played: Class) -> None:
    """Numbers begin with the largest, names with A; who reports nothing is last in either order."""
    down, up = ([number(each) for each in sort_by(played, "RTT")] for _ in range(2))
    assert down[-1] == up[-1] == number(UNKNOWN)
    assert down[:-1] == sorted(down[:-1], reverse=True)
    assert up[:-1] == sorted(up[:-1])
    names = [sort_by(played, "name") for _ in range(2)]
    assert names == [sorted(EVERYBODY), sorted(EVERYBODY, reverse=True)]


def sort_by(played: Class, head: str) -> list[str]:
    """Click the head of a column, and return its cells."""
    played.teacher.run(
        "[...document.querySelectorAll('#heads th')]"
        f".find((each) => each.textContent.startsWith({head!r})).click()"
    )
    return list(played.column(head).values())


def read_the_results(played: Class, folder: Path) -> None:
    played.teacher.save_downloads(folder)
    played.teacher.click("#results")
    until(lambda: list(folder.glob("jitterball-class-*.zip")))
    (packed,) = folder.glob("jitterball-class-*.zip")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    results = load_class_results(folder / packed.stem)
    assert results is not None
    assert {run.student for run in results.students} == EVERYBODY - {"Own"}
    assert {run.transport for run in results.students} == set(CLIENTS.values())
    assert {"none", "wifi", "satellite"} <= set(results.links)
    assert main(["report", str(folder / packed.stem)]) == 0
    played.teacher.click("#language")
    played.teacher.until("document.querySelector('h1').textContent.includes('la clase')")
    played.teacher.click("#language")


def send_one_out(played: Class) -> None:
    page = played.pages["Luis"]
    problem = "document.getElementById('problem').textContent"
    played.choose("Luis")
    played.teacher.click("#send-out")
    page.until(f"{problem}.includes('sent you out')")
    until(lambda: "Luis" not in played.column("name"))
    page.click("#play")
    page.until(f"document.body.classList.contains('joining') && {problem}.includes('sent you out')")
    played.teacher.click("#let-back-in")
    until(lambda: not played.host.server.classroom.is_sent_out("Luis", "127.0.0.1"))
    page.click("#play")
    page.until(PLAYING)
    until(lambda: "Luis" in played.column("name"))
