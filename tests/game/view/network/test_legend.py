"""Tests of the lagometers' legend: a sample can be told from the others without its colour."""

import pygame
import pytest

from game.view.network.lagometer import COLOURS
from game.view.network.legend import paint_sample
from net.measure.lag_monitor import ArrivalStatus


@pytest.mark.parametrize("size", [(5, 13), (7, 15), (11, 24)], ids=["least scale", "1280", "1920"])
def test_each_sample_has_its_own_shape(size: tuple[int, int]) -> None:
    shapes = set()
    for status in ArrivalStatus:
        canvas = pygame.Surface(size)
        paint_sample(status, canvas, canvas.get_rect())
        mask = pygame.mask.from_threshold(canvas, COLOURS[status], (1, 1, 1))
        # An outline is hollow in the middle.
        shapes.add(tuple(mask.get_at((size[0] // 2, y)) for y in range(size[1])))
    assert len(shapes) == len(ArrivalStatus)
