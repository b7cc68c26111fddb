"""Labels of emulated links, in words of the user's language.  [pure]"""

from dataclasses import dataclass

from net.link.profile import Link, LinkProfile

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
    reordered="desordenado",
    loss="{percent} % de pérdida",
    bursts="en ráfagas de {packets}",
    doubled="{percent} % duplicado",
    rate="{rate} Mbit/s",
    queue="cola {size}",
    decimal_mark=",",
)


def link_label(link: Link | None, seed: int, words: LinkWords = ENGLISH_LINK_WORDS) -> str:
    """Return the label on screen, such as ``LINK lossy: 25 ms, 5% loss, each way, seed 7``.

    The label of no link, or of a link without effect, is ``LINK none``.
    """
    up, down = (_described(link.up, words), _described(link.down, words)) if link else ("", "")
    if not link or not (up or down):
        return words.title.format(settings=words.none)
    if up == down:
        settings = words.each_way.format(settings=up)
    else:
        settings = words.up_and_down.format(up=up or words.free, down=down or words.free)
    name = f"{link.name}: " if link.name else ""
    return words.title.format(settings=f"{name}{settings}, {words.seed.format(seed=seed)}")


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
