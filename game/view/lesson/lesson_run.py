"""Run of one lesson: it sets the comparison up, plays the lesson's events, and measures."""

from collections.abc import Sequence
from dataclasses import replace

from game.client.frame import Frame
from game.lesson.figures import FigureRecorder, RunFigures
from game.lesson.lesson import Lesson, LessonEvent
from game.match.rules import Phase
from game.view.compare.screen import CompareScreen
from game.view.compare.settings import CompareSettings, GhostMode
from game.view.replay.playback import USUAL_SPEED, Playback
from net.link.profile import Link, LinkProfile
from net.sync.clock_filter import WINDOW_S

_BREAKS = (Phase.HALF_TIME, Phase.FINAL)
# Ten seconds are kept. Slow motion can surely show these.
_KEPT_S = 9.0
# A shorter gap between two snapshots is usual, and no moment.
_LEAST_GAP_S = 0.1
# Two panels' freezes can be compared if the shorter one's length is still there.
_FREEZE_SHOWN_S = 4.0
_LEAD_S = 0.2
_AFTER_S = 0.3
# What an outage causes begins in it, or when the packets on their way have arrived.
_OUTAGE_SHOWS_S = 0.4
# Shown where nothing stalled.
_WITHOUT_STALL_S = 1.2
# A long stall is shown faster, since nobody watches a still picture for half a minute.
_LONGEST_SHOW_S = 15.0
# After a change of the delay, the clients' clocks forget the old one, and all pictures are late or
# frozen meanwhile. Other changes need a moment.
_DELAY_SETTLES_S = WINDOW_S + 0.5
_SETTLES_S = 0.5
# After this time the graphs show nothing of the lesson before.
_GRAPHS_SETTLE_S = 5.0
# A queue has drained when no snapshot is older than the delay and this. One that never drains, on a
# computer that is too slow, does not hold the lesson up for ever.
_USUAL_AGE_S = 0.25
_DRAIN_MAX_S = 30.0


class LessonRun:
    """Run of ``lesson`` on a comparison's screen.

    ``waits_for_queue``: the run would have begun, but old packets are still in the link's queue.
    ``waits_for_match``: between two halves or matches the run stands still.
    """

    def __init__(self, compare: CompareScreen, lesson: Lesson) -> None:
        self.lesson = lesson
        self._compare = compare
        self._begun_at: float | None = None
        self._settled_at = float("-inf")
        self._has_begun = False
        self.waits_for_queue = self.waits_for_match = False
        self._followed_at = 0.0
        self._drain_until = float("-inf")
        self._events: list[LessonEvent] = []
        # When outages of the run began and when their effects have begun.
        self._outages: list[tuple[float, float]] = []
        self._recorders: dict[str, FigureRecorder] = {}
        self._playback: Playback | None = None

    def prepare(self, now: float) -> None:
        """Set the comparison up while the student reads, and let the lesson before fade away."""
        self._set_up(now)
        self._settled_at = max(self._settled_at, now + _GRAPHS_SETTLE_S)

    def begin_run(self, now: float) -> None:
        """Begin to play, as soon as all is steady."""
        self._set_up(now)
        self._begun_at = self._settled_at
        self._followed_at = now
        self._has_begun = False
        self._drain_until = now + _DRAIN_MAX_S
        self._events = list(self.lesson.events)
        self._outages = []
        self._recorders = {}
        self._playback = None

    def left_s(self, now: float) -> float:
        """Return how long the run still lasts; 0 when it is over."""
        if self._begun_at is None:
            return 0.0
        return max(0.0, self._begun_at + self.lesson.play_s - now)

    def wait_s(self, now: float) -> float:
        """Return how long it takes until the run begins; 0 when it has begun."""
        return 0.0 if self._begun_at is None else max(0.0, self._begun_at - now)

    def follow(self, now: float) -> None:
        """Play the events that are due, and measure the frames that were just drawn."""
        if self._begun_at is None:
            return
        passed_s, self._followed_at = now - self._followed_at, now
        self.waits_for_match = self._is_between_halves()
        if self.waits_for_match:
            # A card covers the pitches: an event that was played now would not be seen.
            self._begun_at += passed_s
        if not self._has_begun:
            self._wait_for_queue(now)
        if now < self._begun_at:
            return
        self._has_begun = True
        run_s = now - self._begun_at
        while self._events and self._events[0].at_s <= run_s:
            self._play(self._events.pop(0), now)
        if run_s < self.lesson.measure_from_s:
            return
        for panel, frame in zip(self._compare.panels, self._compare.frames, strict=False):
            recorder = self._recorders.setdefault(panel.name, FigureRecorder(now))
            link = self._compare.link_stats.get(panel.name)
            recorder.add(now, frame, panel.history.freeze(now), link)

    def figures(self) -> dict[str, RunFigures]:
        """Return the figures of the run, by transport."""
        panels, frames = self._compare.panels, self._compare.frames
        return {
            frame.transport: self._recorders[panel.name].figures()
            for panel, frame in zip(panels, frames, strict=False)
            if panel.name in self._recorders
        }

    def show_moment(self, now: float) -> None:
        """Show the decisive moment in slow motion; once it was shown, the same one again."""
        # What an event of the run set would go on, and fill a queue for as long as somebody reads.
        self._compare.controls.use_link(self.lesson.link)
        slow_motion, shown = self._compare.slow_motion, self._playback
        if shown is not None:
            slow_motion.playback = Playback(shown.clip, shown.begin_s, shown.end_s, shown.speed)
            return
        begin_s, end_s = self._moment(now)
        speed = max(USUAL_SPEED, (end_s - begin_s) / _LONGEST_SHOW_S)
        slow_motion.play(begin_s, end_s, speed)
        self._playback = slow_motion.playback

    def _set_up(self, now: float) -> None:
        """Set link, transports and techniques, so that all is steady when the run begins.

        The graphs forget what was noted before.
        """
        lesson, controls = self.lesson, self._compare.controls
        is_new_delay = _delays(controls.link_editor.link) != _delays(lesson.link)
        settled_at = now + (_DELAY_SETTLES_S if is_new_delay else _SETTLES_S)
        self._settled_at = max(self._settled_at, settled_at)
        self._compare.slow_motion.close()
        ghosts = GhostMode.PRESENT if lesson.shows_server_now else GhostMode.RENDER_TIME
        controls.use_transports(lesson.transports)
        controls.use(
            CompareSettings(
                link=lesson.link,
                netcode=lesson.netcode,
                unreliable_events=lesson.unreliable_events,
                ghosts=ghosts,
                shows_lagometers=True,
                shows_details=False,
                shows_lanes=True,
                # They are those of the last minute, and would not be those of the run.
                shows_figures=False,
                freeze_shown_s=_FREEZE_SHOWN_S,
            )
        )
        for panel in self._compare.panels:
            panel.history.clear_annotations()

    def _moment(self, now: float) -> tuple[float, float]:
        """Return when the longest stall of the run began and ended, with the time around it."""
        since = now - _KEPT_S
        if self._begun_at is not None:
            since = max(since, self._begun_at)
        frame = self._frame_of(self.lesson.slow_transport)
        columns = () if frame is None else frame.network.columns
        gaps = [
            (column.gap_s, column.at)
            for column in columns
            if column.gap_s is not None and column.at - column.gap_s - _LEAD_S > since
        ]
        # A busy computer stalls too, and that explains nothing of the lesson.
        caused = [(gap_s, at) for gap_s, at in gaps if self._is_caused(at - gap_s)]
        gap_s, end_s = max(caused, default=(0.0, now))
        if gap_s < _LEAST_GAP_S:
            if self._outages and self._outages[-1][0] - _LEAD_S > since:
                began_at = self._outages[-1][0]
                return began_at - _LEAD_S, min(now, began_at + _WITHOUT_STALL_S)
            return _without_stall(gaps, since, now)
        return end_s - gap_s - _LEAD_S, end_s + _AFTER_S

    def _wait_for_queue(self, now: float) -> None:
        """Put the begin of the run off while old packets stand in the link's queue."""
        self.waits_for_queue = False
        if self._begun_at is None or now >= self._drain_until:
            return
        link = self.lesson.link
        limit_s = link.down.delay_s + link.down.jitter_s + _USUAL_AGE_S
        ages_s = (frame.network.snapshot_age_s for frame in self._compare.frames)
        if any(age_s is not None and age_s > limit_s for age_s in ages_s):
            self.waits_for_queue = self._begun_at <= now + _SETTLES_S
            self._begun_at = max(self._begun_at, now + _SETTLES_S)

    def _is_between_halves(self) -> bool:
        scenes = (frame.scene for frame in self._compare.frames)
        return any(scene is not None and scene.phase in _BREAKS for scene in scenes)

    def _frame_of(self, transport: str) -> Frame | None:
        frames = self._compare.frames
        return next((frame for frame in frames if frame.transport == transport), None)

    def _is_caused(self, begin_s: float) -> bool:
        """Return whether a gap that began then can come from what the lesson does to the link."""
        if not self._outages:
            links = (self.lesson.link, *(event.link for event in self.lesson.events if event.link))
            return any(map(_can_stall, links))
        # The last snapshot before an outage arrived up to a snapshot interval before it.
        return any(began_at - _LEAD_S <= begin_s <= end_s for began_at, end_s in self._outages)

    def _play(self, event: LessonEvent, now: float) -> None:
        controls = self._compare.controls
        if event.link is not None:
            controls.use_link(replace(event.link, name=""))
        else:
            controls.lose_packets(event.outage_s)
            self._outages.append((now, now + event.outage_s + _OUTAGE_SHOWS_S))


def _can_stall(link: Link) -> bool:
    """Return whether a link by itself, without an outage, makes snapshots wait."""
    steady = (LinkProfile(delay_s=each.delay_s) for each in (link.up, link.down))
    return link.playback is not None or (link.up, link.down) != tuple(steady)


def _without_stall(
    gaps: Sequence[tuple[float, float]], since: float, now: float
) -> tuple[float, float]:
    """Return the newest seconds without a long gap; if there are none, the newest ones."""
    end_s = now
    for gap_s, at in sorted(gaps, key=lambda gap: gap[1], reverse=True):
        if gap_s >= _LEAST_GAP_S and at > end_s - _WITHOUT_STALL_S:
            end_s = min(end_s, at - gap_s)
    begin_s = end_s - _WITHOUT_STALL_S
    return (begin_s, end_s) if begin_s >= since else (now - _WITHOUT_STALL_S, now)


def _delays(link: Link) -> tuple[float, float]:
    return link.up.delay_s, link.down.delay_s
