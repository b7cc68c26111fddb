"""Tests of the sprites: round, smooth, at subpixel positions, and painted once."""

import pygame
import pytest

from game.view.colours import Colour
from game.view.pitch.sprites import Disc, Sprites

RED: Colour = (200, 0, 0)
WHITE: Colour = (255, 255, 255)
PLAIN = Disc(10.0, RED, RED, 1.0)


def centre_of_mass(surface: pygame.Surface, area: pygame.Rect) -> tuple[float, float]:
    weights = [
        (surface.get_at((x, y))[0], x + 0.5, y + 0.5)
        for x in range(area.left, area.right)
        for y in range(area.top, area.bottom)
    ]
    total = sum(weight for weight, _, _ in weights)
    return (
        sum(weight * x for weight, x, _ in weights) / total,
        sum(weight * y for weight, _, y in weights) / total,
    )


@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5, 0.75])
def test_a_disc_lies_where_it_is_to_a_fraction_of_a_pixel(
    surface: pygame.Surface, offset: float
) -> None:
    Sprites(1.0).draw(surface, PLAIN, 50.0 + offset, 60.0)
    x, y = centre_of_mass(surface, pygame.Rect(30, 40, 40, 40))
    assert x == pytest.approx(50.0 + offset, abs=0.15)
    assert y == pytest.approx(60.0, abs=0.15)


def test_its_area_is_that_of_a_circle(surface: pygame.Surface) -> None:
    Sprites(2.0).draw(surface, PLAIN, 100.0, 100.0)
    weight = sum(surface.get_at((x, y))[0] / RED[0] for x in range(70, 130) for y in range(70, 130))
    assert weight == pytest.approx(3.1416 * 20.0**2, rel=0.04)


def test_its_edge_has_shades_but_no_foreign_hue(surface: pygame.Surface) -> None:
    Sprites(1.0).draw(surface, PLAIN, 50.3, 50.6)
    colours = {tuple(surface.get_at((x, y)))[:3] for x in range(30, 70) for y in range(30, 70)}
    assert len(colours) > 6
    assert all(green == blue == 0 for _, green, blue in colours)


def test_a_ring_is_empty_inside(surface: pygame.Surface) -> None:
    Sprites(1.0).draw(surface, Disc(20.0, None, WHITE, 2.0), 100.0, 100.0)
    assert surface.get_at((100, 100))[:3] == (0, 0, 0)
    assert surface.get_at((119, 100))[:3] == pytest.approx((255, 255, 255), abs=90)


def test_a_sprite_is_painted_once(surface: pygame.Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = []
    smoothscale = pygame.transform.smoothscale

    def paint(*args: object) -> pygame.Surface:
        painted.append(args)
        return smoothscale(*args)  # type: ignore[arg-type]

    # Each sprite is painted large and then scaled down.
    monkeypatch.setattr(pygame.transform, "smoothscale", paint)
    ours = Sprites(1.0)
    for x in range(100):
        ours.draw(surface, PLAIN, x + 0.1, 20.1)
    assert len(painted) == 1
    ours.draw(surface, PLAIN, 5.6, 20.1)
    assert len(painted) == 2


def test_a_place_off_the_surface_is_no_error(surface: pygame.Surface) -> None:
    Sprites(1.0).draw(surface, PLAIN, -300.4, 9000.0)
    assert surface.get_bounding_rect().size == surface.get_size()
