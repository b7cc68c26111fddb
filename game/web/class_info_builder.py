"""Builder of ``ClassInfo`` from the state of the game server."""

from collections.abc import Mapping

from game.match.rules import HALF_S_PER_MINUTE, MatchSettings
from game.server.classroom import Classroom
from game.server.stats import PlayerStats, ServerStats
from game.web.class_info import ClassInfo, StudentInfo
from net.link.presets import PRESETS
from net.link.relay.settings import RelayClient
from net.link.spec import format_link


def build_class_info(
    classroom: Classroom,
    stats: ServerStats,
    losses: Mapping[RelayClient, float],
    usual: MatchSettings,
) -> ClassInfo:
    """Return what the teacher's page shows; ``usual`` holds until the teacher sets limits."""
    limits = classroom.limits or (usual.half_s, usual.goal_limit, usual.pitch_size)
    half_s, goal_limit, pitch_size = limits
    return ClassInfo(
        has_relay=classroom.relay is not None,
        link=format_link(classroom.link),
        seed=classroom.seed,
        blind_stage=classroom.blind_test.stage.name.lower(),
        is_paused=classroom.is_paused,
        minutes=half_s / HALF_S_PER_MINUTE,
        goal_limit=goal_limit,
        pitch=pitch_size.name.lower(),
        transports=classroom.transports,
        presets=tuple(PRESETS),
        students=tuple(_student(player, classroom, losses) for player in stats.players),
    )


def _student(
    player: PlayerStats, classroom: Classroom, losses: Mapping[RelayClient, float]
) -> StudentInfo:
    report = player.report
    wire_loss = losses.get(player.relay_client) if player.relay_client else None
    if wire_loss is None and classroom.relay is None:
        wire_loss = player.loss_ratio
    rtt_s = report.rtt_s if report and report.rtt_s is not None else player.rtt_s
    return StudentInfo(
        id=player.slot_id,
        name=player.name,
        room=player.room,
        device=report.device if report else "",
        transport=player.transport,
        transports=report.transports if report else (),
        watches=player.watches,
        is_ready=player.is_ready,
        link=format_link(classroom.link_of(player.slot_id)),
        has_own_link=player.slot_id in classroom.own_links,
        vote=player.vote,
        rtt_ms=_ms(rtt_s),
        age_ms=_ms(report.age_s) if report else None,
        age_p95_ms=_ms(report.age_p95_s) if report else None,
        frozen_ratio=report.frozen_ratio if report else None,
        longest_freeze_ms=_ms(report.longest_freeze_s) if report else None,
        stalls=report.stalls if report else None,
        loss_ratio=report.loss_ratio if report else None,
        wire_loss_ratio=wire_loss,
        visual_error=report.visual_error if report else None,
        visual_error_p95=report.visual_error_p95 if report else None,
        frame_gap_p99_ms=_ms(report.frame_gap_p99_s) if report else None,
        measured_s=report.measured_s if report else None,
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)
