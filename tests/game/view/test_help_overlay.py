"""Tests of the help overlay: every row is drawn whole, at any usual size and scale."""

import pygame
import pytest

from game.view import colours
from game.view.help_overlay import HelpOverlay
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from tests.game.view.pixels import count

SIZES = ((1280, 720), (640, 360), (480, 800), (1920, 1080), (700, 1150))


def keys_drawn(size: tuple[int, int], scale: float, rows: list[tuple[str, str]]) -> int:
    """Draw the page; return how many boxes of keys it has, by their colour along each column."""
    surface = pygame.Surface(size)
    overlay = HelpOverlay("title", "intro", rows, LANGUAGES["es"])
    overlay.draw(surface, surface.get_rect(), Theme(size, scale))
    boxes = 0
    mask = pygame.mask.from_threshold(surface, colours.BUTTON, (1, 1, 1, 255))
    for rect in mask.get_bounding_rects():
        boxes += rect.width > 20 and rect.height > 6
    return boxes


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_row_is_there(surface: pygame.Surface, size: tuple[int, int], scale: float) -> None:
    texts = LANGUAGES["es"]
    helps = (texts.help_nagle, texts.help_extrapolation, texts.help_prediction, texts.help_trails)
    rows = [(chr(ord("A") + n), helps[n % len(helps)]) for n in range(8)]
    assert keys_drawn(size, scale, rows) == len(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_rows_than_fit_are_missing_and_no_text_is_cut(
    language: str, surface: pygame.Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = LANGUAGES[language]
    rows = [(f"F{n}", text) for n, text in enumerate((texts.help_nagle, texts.help_trails) * 17)]
    shortened = Theme.fitted
    cut = []

    def fitted(theme: Theme, text: str, size: float, width: int, *args, **kwargs) -> pygame.Surface:
        if theme.text_width(text, size) > width:
            cut.append(text)
        return shortened(theme, text, size, width, *args, **kwargs)

    monkeypatch.setattr(Theme, "fitted", fitted)
    assert 12 <= keys_drawn((640, 360), 1.0, rows) < len(rows)
    assert not [text for text in cut if text in dict(rows).values()]


def test_a_page_without_space_for_samples_leaves_them_out(surface: pygame.Surface) -> None:
    texts = LANGUAGES["es"]
    rows = [(chr(ord("A") + n), texts.help_nagle) for n in range(12)]
    samples = []
    for size in ((1280, 720), (480, 300)):
        page = pygame.Surface(size)
        HelpOverlay("t", "i", rows, texts).draw(page, page.get_rect(), Theme(size))
        samples.append(count(page, page.get_rect(), colours.GREEN))
    assert samples[0] > 0 == samples[1]
