"""Labels of emulated links, in words of the user's language.  [pure]"""

from dataclasses import dataclass, replace

from net.link.profile import Link, LinkProfile
from net.link.recorded_schedule import Playback

__all__ = ["ENGLISH_LINK_WORDS", "SPANISH_LINK_WORDS", "LinkWords", "link_label"]


@dataclass(frozen=True, slots=True)
class LinkWords:
    """Words of a label in one language. ``str.format`` fills in the names in braces."""

    title: str
    none: str
    each_way: str
    up_and_down: str
    free: str
    seed: str
    recorded: str
    recorded_file: str
    reordered: str
    loss: str
    bursts: str
    doubled: str
    rate: str
    queue: str
    decimal_mark: str


ENGLISH_LINK_WORDS = LinkWords(
    title="LINK {settings}",
    none="none",
    each_way="{settings}, each way",
    up_and_down="up {up}; down {down}",
    free="free",
    seed="seed {seed}",
    recorded="recorded: {name}, {position} of {duration}",
    recorded_file="recorded: {spec}",
    reordered="reordered",
    loss="{percent}% loss",
    bursts="in bursts of {packets}",
    doubled="{percent}% doubled",
    rate="{rate} Mbit/s",
    queue="queue {size}",
    decimal_mark=".",
)

SPANISH_LINK_WORDS = LinkWords(
    title="ENLACE {settings}",
    none="ninguno",
    each_way="{settings}, por sentido",
    up_and_down="subida {up}; bajada {down}",
    free="libre",
    seed="semilla {seed}",
    recorded="grabado: {name}, {position} de {duration}",
    recorded_file="grabado: {spec}",
    reordered="desordenado",
    loss="{percent} % de pérdida",
    bursts="en ráfagas de {packets}",
    doubled="{percent} % duplicado",
    rate="{rate} Mbit/s",
    queue="cola {size}",
    decimal_mark=",",
)


def link_label(
    link: Link | None, seed: int, words: LinkWords = ENGLISH_LINK_WORDS, now: float | None = None
) -> str:
    """Return the label on screen, such as ``LINK lossy: 25 ms, 5% loss, each way, seed 7``.

    The label of no link, or of a link without effect, is ``LINK none``. That of a recorded link
    has its position at ``now``, in seconds of ``time.monotonic``; without ``now`` that of its
    start.
    """
    if link and link.playback:
        recorded = _recorded(link.playback, words, now)
        settings = _settings(_without_recorded(link.up), _without_recorded(link.down), words)
        parts = [recorded, settings, words.seed.format(seed=seed)] if settings else [recorded]
        return words.title.format(settings=", ".join(parts))
    settings = _settings(link.up, link.down, words) if link else ""
    if not link or not settings:
        return words.title.format(settings=words.none)
    name = f"{link.name}: " if link.name else ""
    return words.title.format(settings=f"{name}{settings}, {words.seed.format(seed=seed)}")


def _recorded(playback: Playback, words: LinkWords, now: float | None) -> str:
    position_s = playback.start_s if now is None else playback.position_s(now)
    return words.recorded.format(
        name=playback.name,
        position=_minutes(position_s),
        duration=_minutes(playback.duration_s),
    )


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _without_recorded(profile: LinkProfile) -> LinkProfile:
    """Return a profile without what it has from the recording, not from the user."""
    return replace(profile, reorders=False, duplicate_ratio=0.0)


def _settings(up: LinkProfile, down: LinkProfile, words: LinkWords) -> str:
    """Return both directions in words, empty if they have no effect."""
    up_text, down_text = _described(up, words), _described(down, words)
    if up_text == down_text:
        return words.each_way.format(settings=up_text) if up_text else ""
    return words.up_and_down.format(up=up_text or words.free, down=down_text or words.free)


def _described(profile: LinkProfile, words: LinkWords) -> str:
    """Return one direction in words, empty if it has no effect."""

    def number(value: float) -> str:
        return f"{value:g}".replace(".", words.decimal_mark)

    parts = []
    if profile.delay_s or profile.jitter_s:
        delay, jitter = number(profile.delay_s * 1000), number(profile.jitter_s * 1000)
        shape = " (normal)" if profile.jitter_is_normal else ""
        parts.append(f"{delay} ± {jitter} ms{shape}" if profile.jitter_s else f"{delay} ms")
    if profile.reorders:
        parts.append(words.reordered)
    if profile.loss_ratio:
        loss = words.loss.format(percent=number(profile.loss_ratio * 100))
        burst = words.bursts.format(packets=number(profile.burst))
        parts.append(f"{loss} {burst}" if profile.burst > 1 else loss)
    if profile.duplicate_ratio:
        parts.append(words.doubled.format(percent=number(profile.duplicate_ratio * 100)))
    if profile.rate_bps is not None:
        parts.append(words.rate.format(rate=number(profile.rate_bps / 1e6)))
        # The default is left out, as that of every other setting.
        if profile.queue_bytes is not None:
            parts.append(words.queue.format(size=f"{number(profile.queue_bytes / 1000)} kB"))
        elif profile.queue_s != LinkProfile().queue_s:
            parts.append(words.queue.format(size=f"{number(profile.queue_s * 1000)} ms"))
    if profile.nagle:
        parts.append("Nagle")
    if profile.congestion != "cubic":
        parts.append(profile.congestion)
    return ", ".join(parts)
