"""The teacher's page in a real browser, driven through its controls, before a real class."""

from pathlib import Path

import pytest

from tests.game.web.chromium import PHONE, SCREEN, browser, join
from tests.game.web.hosts import TEACHER_SECRET, hosting, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PROJECTOR = (1920, 1080)


def test_a_class_from_the_link_to_the_reveal(tmp_path: Path):
    with (
        hosting(bots=6, has_class=True) as host,
        # A browser each: a page behind another one draws no frames.
        browser() as phone,
        browser() as desk,
        phone.page() as student,
        desk.page() as teacher,
    ):
        student.set_screen(PHONE, is_phone=True)
        join(student, f"{host.url}?name=Ana")
        teacher.set_screen(SCREEN)
        teacher.open(f"{host.url}teacher?lang=en#{TEACHER_SECRET}")
        teacher.until("document.querySelectorAll('#students tr').length === 1")
        # The secret is on no projector.
        assert TEACHER_SECRET not in teacher.run("location.href")

        teacher.click_text("#presets", "wifi")
        student.until("document.getElementById('link').textContent.includes('wifi')")
        teacher.until("document.getElementById('badge').textContent.includes('wifi')")
        # A preset has values that the sliders do not know, and shows no wrong ones.
        delay = "document.querySelector('#delay').parentElement.querySelector('output').textContent"
        teacher.until(f"{delay} === '\\u2013'")
        teacher.run(
            "const delay = document.getElementById('delay'); delay.value = 60;"
            "delay.dispatchEvent(new Event('change'))"
        )
        student.until("document.getElementById('link').textContent.includes('delay=60ms')")
        teacher.until(f"{delay} === '60 ms'")
        teacher.until("Number(document.querySelectorAll('#students td')[3].textContent) > 110")
        teacher.click("#burst")
        assert teacher.run("document.getElementById('burst').classList.contains('on')")
        teacher.until("!document.getElementById('burst').classList.contains('on')")
        teacher.until("Number(document.querySelectorAll('#students td')[7].textContent) >= 1")
        teacher.screenshot(tmp_path / "teacher-1280.png")
        student.screenshot(tmp_path / "student.png")

        teacher.click("#blind-begin")
        student.until("document.querySelectorAll('#ballot button').length === 3")
        assert student.run("document.querySelector('#where .transport').textContent") == "?"
        student.screenshot(tmp_path / "student-ballot.png")
        student.click_text("#ballot", "WebSocket")
        teacher.until("document.getElementById('votes').textContent.startsWith('1 of 1')")
        assert "WebSocket" not in teacher.run("document.querySelector('#students').textContent")
        teacher.click("#blind-reveal")
        teacher.until("document.getElementById('votes').textContent.startsWith('1 of 1 guessed')")
        student.until("document.getElementById('ballot').hidden")
        # Not by colour alone.
        vote = "getComputedStyle(document.querySelector('#students td.vote'), '::after').content"
        assert teacher.run(vote) in ('" ✓"', '" ✗"')
        teacher.set_screen(PROJECTOR)
        teacher.screenshot(tmp_path / "teacher-1920.png")
        teacher.click("#blind-end")

        teacher.click("#none")
        student.until("document.getElementById('link').textContent === 'LINK none'")
        teacher.click("#pause")
        teacher.until("document.getElementById('pause').textContent === 'Continue'")
        teacher.click("#pause")
        teacher.click("#restart")
        teacher.click("#draw-teams")
        teacher.run(
            "document.getElementById('line').value = 'well played';"
            "document.getElementById('say').requestSubmit()"
        )
        student.until("document.getElementById('toasts').textContent.includes('well played')")
        teacher.save_downloads(tmp_path)
        teacher.click("#results")
        until(lambda: list(tmp_path.glob("jitterball-class-*.zip")))
        teacher.click("#language")
        teacher.until("document.querySelector('h1').textContent.includes('la clase')")
        teacher.click("#students tr")
        teacher.until("document.getElementById('who').textContent === 'Ana'")
        teacher.click("#send-out")
        student.until("document.getElementById('problem').textContent.includes('sent you out')")


def test_without_the_secret_there_is_nothing_to_see():
    with hosting() as host, browser() as running, running.page() as page:
        page.set_screen(SCREEN)
        page.open(f"{host.url}teacher?lang=en#wrong")
        page.until("document.getElementById('problem').textContent.includes('for the teacher')")
        assert page.run("document.querySelectorAll('#students tr').length") == 0
