"""Tests of the palette as people with three kinds of colour-blindness see it.

The matrices are those of Machado, Oliveira and Fernandes (2009) for severity 1, in linear RGB.
The distance is that of CIELAB (CIE 1976): 2 is just seen side by side.
"""

from itertools import combinations
from math import dist

import pytest

from game.lab.report.plot_types import COLOURS as REPORT_COLOURS
from game.view import colours
from game.view.colours import Colour
from game.view.packet_lane.lane_layout import BACKGROUND as LANE

_Vector = tuple[float, float, float]
_Matrix = tuple[_Vector, _Vector, _Vector]

SEEN: dict[str, _Matrix] = {
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_XYZ: _Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: _Vector = (0.95047, 1.0, 1.08883)
# Ten times what is just seen: these pairs are seen apart in the picture, not side by side.
_LEAST_DISTANCE = 20.0
# WCAG 2.2, success criterion 1.4.3.
_LEAST_CONTRAST = 4.5

# Colours that stand for two things in one picture. All other pairs differ in shape too: those of
# the lagometer's columns and of the lane's packets have tests of their shapes.
PAIRS: dict[str, tuple[Colour, Colour]] = {
    "the teams": (colours.ORANGE, colours.SKY),
    "a packet under way, and one that has waited": (colours.GREEN, colours.YELLOW),
    "a packet under way, and a lost one": (colours.GREEN, colours.VERMILLION),
    "late, and burst": (colours.YELLOW, colours.PURPLE),
    "buffered, and starved": (colours.BLUE, colours.TEXT),
    "a figure that a player notices, and another": (colours.WARM, colours.TEXT),
    "a caption of trouble, and one without": (colours.WARM, colours.MUTED),
    "a right prediction, and a wrong one": (colours.SKY, colours.WARM),
    "a key, and what it does": (colours.SKY, colours.TEXT),
}
_EVERYWHERE = (
    colours.TEXT,
    colours.MUTED,
    colours.WARM,
    colours.SKY,
    colours.YELLOW,
    colours.PURPLE,
)
ON_GROUNDS = [
    *((words, ground) for words in _EVERYWHERE for ground in (colours.PANEL, LANE)),
    # Words of events stand in the lane only.
    (colours.GREEN, LANE),
]


def _times(matrix: _Matrix, vector: _Vector) -> _Vector:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def _xyz(colour: Colour, seen: _Matrix) -> _Vector:
    """Return how a colour looks, as CIE XYZ."""
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    )
    x, y, z = (min(1.0, max(0.0, channel)) for channel in _times(seen, (r, g, b)))
    return _times(_XYZ, (x, y, z))


def _lab(xyz: _Vector) -> _Vector:
    x, y, z = (
        t ** (1 / 3) if t > 216 / 24389 else 841 / 108 * t + 4 / 29
        for t in (value / white for value, white in zip(xyz, _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_two_meanings_have_colours_that_everybody_tells_apart(
    pair: tuple[Colour, Colour], seen: _Matrix
) -> None:
    one, other = (_lab(_xyz(colour, seen)) for colour in pair)
    assert dist(one, other) > _LEAST_DISTANCE


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize(("words", "ground"), ON_GROUNDS)
def test_words_stand_out_from_their_background(
    words: Colour, ground: Colour, seen: _Matrix
) -> None:
    light, dark = _xyz(words, seen)[1], _xyz(ground, seen)[1]
    assert (light + 0.05) / (dark + 0.05) >= _LEAST_CONTRAST


def test_the_measure_finds_two_colours_alike_that_a_colour_blind_person_confuses() -> None:
    red, green = (190, 60, 40), (96, 112, 40)
    near, far = SEEN["deuteranopia"], SEEN["all colours"]
    assert dist(_lab(_xyz(red, near)), _lab(_xyz(green, near))) < _LEAST_DISTANCE
    assert dist(_lab(_xyz(red, far)), _lab(_xyz(green, far))) > 3 * _LEAST_DISTANCE


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_lines_of_four_transports_in_a_report_are_told_apart(seen: _Matrix) -> None:
    shown = [
        (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)) for code in REPORT_COLOURS[:4]
    ]
    for one, other in combinations(shown, 2):
        assert dist(_lab(_xyz(one, seen)), _lab(_xyz(other, seen))) > _LEAST_DISTANCE
