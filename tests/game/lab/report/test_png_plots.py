"""Plots as pictures: names are text, and values are drawn where they are."""

from xml.etree import ElementTree

import pytest

from game.lab.report.plot_types import (
    BarPlot,
    Bars,
    DotPlot,
    Dots,
    Line,
    LinePlot,
    SeriesStyle,
    TimeBand,
)
from game.lab.report.png_plots import draw_png

matplotlib = pytest.importorskip("matplotlib", reason="the extra that draws is not installed")

NAMES = (
    "_before",
    "cost_$a_to_$b",
    r"$\frac{",
    "x^2_i",
    "<b>&amp;",
    r"a\$b",
    "1",
    "測定",
    "w" * 300,
)
STYLE = SeriesStyle("#0072B2", "solid", "circle")


def lines_named(names):
    return LinePlot(
        title=names[0],
        subtitle=names[1],
        x_title=names[2],
        y_title=names[3],
        lines=tuple(Line(name, STYLE, ((0.0, 1.0), (1.0, 2.0))) for name in names),
        bands=tuple(TimeBand(name, STYLE, ((0.2, 0.4),)) for name in names),
        bands_title=names[4],
    )


def dots_named(names):
    dots = tuple(Dots(name, STYLE, (1.0,) * len(names), (None,) * len(names)) for name in names)
    return DotPlot(names[0], names[1], names[2], names, dots)


def bars_named(names):
    layers = tuple(Bars(name, "#0072B2", True, (1.0,) * len(names)) for name in names)
    return BarPlot(names[0], names[1], names[2], names, layers)


def words_drawn(plot, folder, decimal_mark="."):
    """Return the texts of a plot, read from a picture in which they are still letters."""
    picture = folder / "plot.svg"
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        draw_png(plot, picture, decimal_mark)
    return ["".join(each.itertext()) for each in ElementTree.parse(picture).iter() if each.text]


@pytest.mark.parametrize(
    "plot_named",
    [
        lines_named,
        *(pytest.param(each, marks=pytest.mark.slow) for each in (dots_named, bars_named)),
    ],
)
def test_a_name_is_drawn_as_it_is_in_the_legend_and_on_the_axes(plot_named, tmp_path):
    words = words_drawn(plot_named(NAMES), tmp_path)
    # Once in the legend, and once on an axis.
    assert {name: words.count(name) for name in NAMES if words.count(name) < 2} == {}
    assert f"{NAMES[0]}: {NAMES[1]}" in words


@pytest.mark.slow
def test_equal_names_have_bars_of_their_own(tmp_path):
    plot = BarPlot("t", "", "y", ("same", "same"), (Bars("b", "#0072B2", False, (1.0, 5.0)),))
    assert words_drawn(plot, tmp_path).count("same") == 2


def test_a_bound_on_the_wrong_side_of_its_value_is_drawn_at_the_value(tmp_path):
    dots = Dots("age", STYLE, (0.05,), ((0.1, 0.04),))
    draw_png(DotPlot("t", "", "y", ("lan",), (dots,), is_y_log=True), tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


@pytest.mark.parametrize("is_log", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_axes_have_the_decimal_mark_of_the_language_and_names_keep_their_points(
    is_log, tmp_path
):
    dots = Dots("age", STYLE, (0.2, 0.7), (None, None))
    plot = DotPlot("t", "", "y", ("loss=0.5%", "lan"), (dots,), is_y_log=is_log)
    points, commas = words_drawn(plot, tmp_path), words_drawn(plot, tmp_path, ",")
    assert "0.2" in points
    assert "0,2" in commas
    assert "0.2" not in commas
    assert "loss=0.5%" in commas
