"""The recorder of a class: which reports count for which run, and how much is kept."""

from math import nan

from game.lab.class_results import class_recorder
from game.lab.class_results.class_recorder import ClassRecorder, RunKey, StudentNow
from tests.game.lab.class_results.reports import ANA, report, second


def rows_of(recorder: ClassRecorder) -> dict[RunKey, list[float]]:
    recording = recorder.copy().recording()
    return {key: [row.report.measured_s for row in recording.rows(key)] for key in recording.runs}


def test_every_new_report_is_kept():
    recorder = ClassRecorder()
    for at_s in range(1, 4):
        recorder.record(at_s, [second(ANA, measured_s=at_s)])
    assert rows_of(recorder) == {ANA: [1, 2, 3]}
    assert recorder.copy().recording().seconds == 2


def test_a_report_that_is_sent_on_twice_counts_once():
    recorder = ClassRecorder()
    same = report(measured_s=5.0, visual_error=None)
    for at_s in range(3):
        recorder.record(at_s, [StudentNow("a", ANA, same)])
    assert rows_of(recorder) == {ANA: [5]}


def test_who_has_reported_nothing_has_no_rows():
    recorder = ClassRecorder()
    recorder.record(1, [second(ANA, measured_s=nan)])
    assert rows_of(recorder) == {}
    assert recorder.copy().recording().seconds == 0


def test_what_was_measured_before_a_switch_is_not_of_the_new_transport():
    recorder = ClassRecorder()
    udp = ANA._replace(transport="udp")
    recorder.record(60, [second(ANA, measured_s=60)])
    recorder.record(61, [second(udp, measured_s=59.9)])
    recorder.record(62, [second(udp, measured_s=59.8)])
    recorder.record(63, [second(udp, measured_s=1.2)])
    recorder.record(64, [second(udp, measured_s=2.2)])
    assert rows_of(recorder) == {ANA: [60], udp: [1.2, 2.2]}


def test_who_was_away_begins_anew():
    recorder = ClassRecorder()
    udp = ANA._replace(transport="udp")
    recorder.record(1, [second(ANA, measured_s=1)])
    recorder.record(2, [])
    recorder.record(3, [second(udp, measured_s=30)])
    assert rows_of(recorder) == {ANA: [1], udp: [30]}


def test_the_oldest_rows_make_room(monkeypatch):
    monkeypatch.setattr(class_recorder, "ROWS_MAX", 40)
    monkeypatch.setattr(class_recorder, "_CHUNK_ROWS", 10)
    recorder = ClassRecorder()
    for at_s in range(100):
        key = ANA._replace(student=f"student {at_s // 25}")
        recorder.record(at_s, [second(key, measured_s=at_s / 10)])
    recording = recorder.copy().recording()
    # The names of students whose rows are gone are gone too.
    assert [key.student for key in recording.runs] == ["student 2", "student 3"]
    kept = sum(len(recording.rows(key)) for key in recording.runs)
    assert (kept, recording.dropped) == (40, 60)
