"""The analysis of a class: minutes and students as blocks, and what they add up to."""

from collections import deque
from random import Random

import pytest

from game.lab.class_results.analysis import analyse_class, windows_of
from game.lab.class_results.class_recorder import ClassRecorder, Row
from game.lab.class_results.results import decode_class_results, encode_class_results
from game.lab.measure.results import ResultsError
from net.measure.statistics import WINDOW_S
from tests.game.lab.class_results.reports import ANA, report, second

HZ = 60


class Screen:
    """A client that reports the share of frozen frames of the last minute, as clients do."""

    def __init__(self) -> None:
        self.frames: deque[bool] = deque(maxlen=int(WINDOW_S) * HZ)

    def play_second(self, frozen_frames: int):
        self.frames.extend(n < frozen_frames for n in range(HZ))
        return {
            "measured_s": len(self.frames) / HZ,
            "frozen_ratio": sum(self.frames) / len(self.frames),
        }


def at_second(at_s: int, key, **values):
    """Return a student who has played for so many seconds."""
    # A report is never quite the one before: that would be the same one, sent on twice.
    return second(key, measured_s=min(at_s, WINDOW_S), rtt_ms=at_s, **values)


def results_of(recorder: ClassRecorder):
    return analyse_class(recorder.copy().recording(), "2026-11-26T10:00:00+01:00")


@pytest.mark.parametrize("seconds", [7, 60, 61, 150, 600])
def test_windows_cover_every_second_once(seconds):
    rows = [Row(at, report(measured_s=min(at, WINDOW_S))) for at in range(1, seconds + 1)]
    assert sum(each.measured_s for each in windows_of(rows)) == pytest.approx(seconds, abs=1)


def test_windows_begin_anew_where_the_measuring_did():
    measured = [*range(1, 31), *range(1, 101)]
    rows = [Row(at, report(measured_s=min(m, WINDOW_S))) for at, m in enumerate(measured)]
    assert [each.measured_s for each in windows_of(rows)] == [60, 40, 30]


@pytest.mark.parametrize("seed", range(3))
def test_the_share_of_frozen_frames_is_that_of_all_frames(seed):
    rng, screen, recorder = Random(seed), Screen(), ClassRecorder()
    counts = [rng.choice((0, 0, 0, 0, 5, 60)) for _ in range(610)]
    for at_s, count in enumerate(counts):
        recorder.record(at_s, [second(ANA, rtt_ms=at_s, **screen.play_second(count))])
    (run,) = results_of(recorder).students
    frozen = run.frozen_ratio
    assert frozen.value == pytest.approx(sum(counts) / HZ / len(counts), rel=0.01)
    assert frozen.low < frozen.value < frozen.high
    assert run.seconds == pytest.approx(610, abs=1)


def test_stalls_are_counted_once_and_none_is_not_never():
    recorder = ClassRecorder()
    for at_s in range(1, 301):
        # One stall, 100 s after the start: in the reports of a minute.
        recorder.record(
            at_s,
            [
                at_second(at_s, ANA, stalls=int(100 <= at_s < 160)),
                at_second(at_s, ANA._replace(student="Bo")),
            ],
        )
    ana, bo = results_of(recorder).students
    assert ana.stalls_over_125ms_per_min.value == pytest.approx(1 / 5)
    assert bo.stalls_over_125ms_per_min.value == 0
    # Of five minutes without any (rule of three).
    assert bo.stalls_over_125ms_per_min.high == pytest.approx(3 / 5)
    assert (bo.rtt_ms.n, bo.rtt_ms.mean) == (300, 150.5)


def test_the_interval_of_a_transport_comes_from_its_students():
    recorder = ClassRecorder()
    shares = {"Ana": 0.02, "Bo": 0.04, "Eva": 0.06}
    for at_s in range(1, 121):
        recorder.record(
            at_s,
            [
                at_second(at_s, ANA._replace(student=name), frozen_ratio=share)
                for name, share in shares.items()
            ],
        )
    (run,) = results_of(recorder).transports
    assert run.students == 3
    # Mean 0.04, standard error 0.02 / sqrt(3), Student's t of two degrees of freedom 4.303.
    frozen = run.frozen_ratio
    assert frozen.value == pytest.approx(0.04)
    assert frozen.high == pytest.approx(0.04 + 4.303 * 0.02 / 3**0.5)
    # A share cannot be negative.
    assert frozen.low == 0
    assert run.seconds == pytest.approx(360, abs=3)


def test_a_single_student_and_a_short_one_claim_no_more_than_they_know():
    recorder = ClassRecorder()
    for at_s in range(1, 11):
        recorder.record(at_s, [second(ANA, measured_s=at_s, frozen_ratio=0.5, visual_error=None)])
    results = results_of(recorder)
    (student,), (transport,) = results.students, results.transports
    assert (student.frozen_ratio.value, student.frozen_ratio.low) == (0.5, None)
    assert (student.age_when_drawn_ms.n, student.age_when_drawn_ms.mean_low) == (10, None)
    assert student.visual_error.n == 0
    assert student.lost_on_wire_ratio.value is None
    assert transport.frozen_ratio == student.frozen_ratio


def test_the_file_holds_the_results():
    recorder = ClassRecorder()
    for at_s in range(1, 200):
        keys = (ANA, ANA._replace(student="Bo", transport="udp", link="none"))
        recorder.record(at_s, [at_second(at_s, key) for key in keys])
    results = results_of(recorder)
    assert results.links == ("wifi", "none")
    # Written once, the numbers are rounded.
    read = decode_class_results(encode_class_results(results))
    assert decode_class_results(encode_class_results(read)) == read
    assert [run.student for run in read.students] == ["Ana", "Bo"]
    empty = results_of(ClassRecorder())
    assert decode_class_results(encode_class_results(empty)) == empty


@pytest.mark.parametrize("students", [1, 3])
def test_no_true_value_is_below_zero(students):
    """A rare large error makes an interval reach below; a wrong clock makes an age negative."""
    recorder = ClassRecorder()
    for at_s in range(1, 41):
        error = 100.0 if at_s == 5 else 0.0
        recorder.record(
            at_s,
            [
                at_second(at_s, ANA._replace(student=str(n)), visual_error=error * n, age_ms=-0.5)
                for n in range(1, 1 + students)
            ],
        )
    results = results_of(recorder)
    (run,) = decode_class_results(encode_class_results(results)).transports
    assert run.visual_error.low == 0
    assert run.visual_error.value > 0
    assert run.age_when_drawn_ms.value == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [('"kind": "class"', '"kind": "flock"'), ('"version": 1', '"version": 9'), ("40.0", '"x"')],
)
def test_a_damaged_file_is_refused(old, new):
    recorder = ClassRecorder()
    recorder.record(1, [second(ANA, measured_s=1)])
    text = encode_class_results(results_of(recorder))
    assert old in text
    with pytest.raises(ResultsError):
        decode_class_results(text.replace(old, new))
