"""Reports of students, as the tests of a class's results make them."""

from game.lab.class_results.class_recorder import Report, RunKey, StudentNow, known

ANA = RunKey("Ana", "main", "page", "tcp", "wifi")


def report(**values: float | None) -> Report:
    """Return a report of a quiet link, with some values replaced."""
    usual: dict[str, float | None] = {
        "measured_s": 60.0,
        "rtt_ms": 50.0,
        "age_ms": 40.0,
        "age_p95_ms": 60.0,
        "frozen_ratio": 0.0,
        "longest_freeze_ms": 0.0,
        "stalls": 0.0,
        "loss_ratio": 0.0,
        "wire_loss_ratio": 0.0,
        "visual_error": 0.1,
        "visual_error_p95": 0.5,
    }
    return Report(**{name: known(value) for name, value in (usual | values).items()})


def second(key: RunKey, **values: float | None) -> StudentNow:
    """Return a student with a report."""
    return StudentNow(key.student, key, report(**values))
