"""Tests of the theme: text fits, sizes scale, unusual names do no harm."""

import pygame
import pytest

from game.view import colours
from game.view.theme import Theme, blit_faded
from tests.game.view.pixels import count


def test_sizes_grow_with_the_window_and_the_users_wish() -> None:
    assert Theme((1280, 720)).px(20) == 20
    assert Theme((2560, 1440)).px(20) == 40
    assert Theme((2560, 720)).px(20) == 20
    assert Theme((1280, 720), ui_scale=1.5).px(20) == 30


def test_a_scale_that_a_window_has_no_room_for_is_reduced() -> None:
    assert Theme((1280, 720), ui_scale=4.0).scale == pytest.approx(2.4)
    assert Theme((1280, 720), ui_scale=4.0).ui_scale == pytest.approx(2.4)
    assert Theme((640, 300), ui_scale=2.0).scale == pytest.approx(1.0)
    # The text cannot become smaller than readable, however small the window is.
    assert Theme((30, 20), ui_scale=3.0).scale == Theme((30, 20)).scale


def test_a_small_window_still_has_letters_of_eleven_pixels(surface: pygame.Surface) -> None:
    small = Theme((480, 300)).text("Ab", 12)
    assert small.get_height() >= 11
    assert small.get_size() == Theme((480, 300)).text("Ab", 2).get_size()


def test_a_text_is_rendered_once(theme: Theme) -> None:
    assert theme.text("RTT", 14) is theme.text("RTT", 14)
    assert theme.text("RTT", 14) is not theme.text("RTT", 14, bold=True)


@pytest.mark.parametrize("width", [30, 80, 200])
def test_a_long_name_is_cut_to_its_width(theme: Theme, width: int) -> None:
    name = theme.shortened("W" * 60, 14, width)
    assert name.endswith("…")
    assert theme.text(name, 14).get_width() <= width


def test_a_short_name_is_left_alone(theme: Theme) -> None:
    assert theme.shortened("Ada", 14, 100) == "Ada"


@pytest.mark.parametrize(
    "name", ["Zoë Íñigo", "李小龍", "さくら", "안녕", "שלום", "a\0b", "two\nlines", "🙂", ""]
)
def test_any_name_can_be_drawn_on_one_line(theme: Theme, name: str) -> None:
    assert theme.text(name, 14).get_height() < 2 * theme.text("Ag", 14).get_height()


def test_letters_of_other_scripts_are_not_empty_boxes(theme: Theme) -> None:
    # A font without these letters would draw the same box for both.
    one, other = (pygame.image.tobytes(theme.text(name, 14), "RGBA") for name in ("李", "小"))
    assert one != other


def test_a_rounded_rect_has_round_corners_and_a_full_middle(
    surface: pygame.Surface, theme: Theme
) -> None:
    rounded = theme.rounded_rect((100, 40), colours.ORANGE, 10)
    assert rounded.get_at((0, 0))[3] < 40
    assert rounded.get_at((99, 39))[3] < 40
    assert rounded.get_at((50, 0)) == rounded.get_at((50, 20)) == (*colours.ORANGE, 255)
    surface.blit(rounded, (0, 0))
    assert count(surface, pygame.Rect(0, 0, 100, 40), colours.ORANGE) > 0.95 * 100 * 40


def test_a_rounded_rect_smaller_than_its_corners_is_no_error(theme: Theme) -> None:
    assert theme.rounded_rect((6, 4), colours.ORANGE, 30).get_size() == (6, 4)


def test_fading_leaves_the_shared_image_as_it_was(surface: pygame.Surface, theme: Theme) -> None:
    rounded = theme.rounded_rect((40, 40), colours.WHITE, 4)
    blit_faded(surface, rounded, rounded.get_rect(topleft=(0, 0)), 0.5)
    assert surface.get_at((20, 20))[0] == pytest.approx(128, abs=3)
    surface.blit(rounded, (100, 0))
    assert surface.get_at((120, 20))[:3] == colours.WHITE


def test_a_fitted_text_is_made_smaller_before_anything_is_cut(theme: Theme) -> None:
    wrong = []
    for text in ("95% < 50 ms", "ball position error", "stalls/min: 0"):
        for share in (0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
            width = round(theme.text(text, 22).get_width() * share)
            fitted = theme.fitted(text, 22, width)
            whole = [theme.text(text, size) for size in range(11, 22)]
            if fitted.get_width() > width or fitted not in whole:
                wrong.append((text, share))
    assert not wrong


def test_a_text_is_as_wide_as_its_image(theme: Theme) -> None:
    for text in ("", "RTT 50 ms", "AVAVA", "a\nb", "e\u0301", "日本語", "שלום", "⚽"):
        for bold in (False, True):
            assert theme.text_width(text, 14, bold) == theme.text(text, 14, bold=bold).get_width()


def test_text_is_drawn_after_a_restart_of_the_font_module(theme: Theme) -> None:
    width = theme.text("RTT", 14).get_width()
    pygame.font.quit()
    pygame.font.init()
    assert Theme((1280, 720)).text("RTT", 14).get_width() == width
