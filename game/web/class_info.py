"""The class as the teacher's page shows it, as plain values.  [pure]"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudentInfo:
    """One client, as it sees its own connection; None where it has reported nothing.

    ``wire_loss_ratio`` is counted by the relay in the last minute, from the server to the client.
    ``loss_ratio`` are snapshots that were never shown. ``link`` is as after ``--link``.
    ``is_ready``: to go on, while the match waits.
    """

    id: str
    name: str
    room: str
    device: str
    transport: str
    transports: tuple[str, ...]
    watches: bool
    is_ready: bool
    link: str
    has_own_link: bool
    vote: str
    rtt_ms: float | None
    age_ms: float | None
    age_p95_ms: float | None
    frozen_ratio: float | None
    longest_freeze_ms: float | None
    stalls: int | None
    loss_ratio: float | None
    wire_loss_ratio: float | None
    visual_error: float | None
    visual_error_p95: float | None
    frame_gap_p99_ms: float | None
    measured_s: float | None


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """The class: its link, the blind test, the matches, and all clients.

    ``has_relay`` is false where the server runs without class mode: no link can be set.
    """

    has_relay: bool
    link: str
    seed: int
    blind_stage: str
    is_paused: bool
    minutes: float
    goal_limit: int
    pitch: str
    transports: tuple[str, ...]
    presets: tuple[str, ...]
    students: tuple[StudentInfo, ...]
