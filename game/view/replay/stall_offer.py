"""Offer of slow motion: a line at the pitch of a panel that has just stalled."""

import pygame

from game.view import colours
from game.view.replay.stalls import Stall
from game.view.texts import Texts
from game.view.theme import Theme

_TEXT_SIZE = 13.0
_GAP = 6.0


def draw_stall_offer(
    surface: pygame.Surface,
    pitch: pygame.Rect,
    space_below: int,
    theme: Theme,
    *,
    stall: Stall,
    key_label: str,
    texts: Texts,
) -> None:
    """Draw the offer below a pitch, or on it above its notes if ``space_below`` is too little."""
    words = stall_offer_text(stall, key_label, texts)
    space = pitch.width - theme.px(40)
    if theme.text_width(words, _TEXT_SIZE, bold=True) > space:
        words = _filled(texts.stall_offer_narrow, stall, key_label, texts)
    image = theme.fitted(words, _TEXT_SIZE, space, colours.TEXT, bold=True)
    box = image.get_rect().inflate(theme.px(20), theme.px(8))
    gap = theme.px(_GAP)
    if space_below >= box.height + 2 * gap:
        box.midtop = (pitch.centerx, pitch.bottom + gap)
    else:
        box.midbottom = (pitch.centerx, pitch.bottom - theme.px(28))
    surface.blit(theme.rounded_rect(box.size, colours.BUTTON, box.height), box)
    surface.blit(image, image.get_rect(center=box.center))


def stall_offer_text(stall: Stall, key_label: str, texts: Texts) -> str:
    """Return the words of the offer."""
    return _filled(texts.stall_offer, stall, key_label, texts)


def _filled(text: str, stall: Stall, key_label: str, texts: Texts) -> str:
    return text.format(value=texts.number(stall.length_s * 1000), key=key_label)
