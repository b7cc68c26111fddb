"""The HTML of a report's page: the document around it, its tables and paragraphs.  [pure]

The page needs no network and no second file. The script that draws the plots is an argument. A
content security policy forbids the browser to load anything.
"""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from game.lab.report.plot_types import Plot
from game.lab.report.plotly_plots import plotly_figure
from game.lab.report.tables import Cell, Highlight, Table
from game.lab.report.texts import ReportTexts

_STYLE = """
body { font: 16px/1.5 sans-serif; color: #20262E; background: #FFF; max-width: 1120px;
       margin: 0 auto; padding: 24px; }
h1 { font-size: 28px; margin: 0 0 8px; }
h2 { font-size: 21px; margin: 40px 0 4px; border-bottom: 2px solid #20262E; }
h3 { font-size: 16px; margin: 20px 0 4px; }
p, dd { max-width: 46em; }
nav a { margin-right: 1.2em; }
table { border-collapse: collapse; margin: 8px 0; font-size: 14px;
        font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid #D5DAE1; text-align: right;
         vertical-align: top; white-space: nowrap; }
th { white-space: normal; }
th:first-child, td:first-child { text-align: left; font-weight: bold; }
td.best { background: #D3EFE5; }
td.worst { background: #FBE0CF; }
.highlight { font-size: 12px; white-space: nowrap; }
table.facts td { text-align: left; white-space: normal; font-variant-numeric: normal; }
dl { font-size: 14px; display: grid; grid-template-columns: 12em 1fr; gap: 2px 12px; }
dt { font-weight: bold; } dd { margin: 0; }
.warning { border-left: 6px solid #D55E00; padding: 4px 12px; background: #FBE0CF; }
.badge { font-family: monospace; font-size: 13px; background: #EEF1F5; padding: 2px 6px; }
.plots { display: grid; grid-template-columns: 1fr; gap: 8px; }
.plots.half { grid-template-columns: 1fr 1fr; }
.plot { min-width: 0; }
footer { margin-top: 40px; font-size: 13px; color: #5A6472; }
@media (max-width: 800px) { .plots.half { grid-template-columns: 1fr; } }
@media print { section { break-inside: avoid; } }
"""

# The browser loads nothing. Plots are saved as pictures through ``data:`` URLs.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)

# The script is compressed, or every report would have five megabytes. The browser takes it out.
_DRAW = """
(async () => {
const packed = Uint8Array.from(
  atob(document.getElementById("plotly").textContent), each => each.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const script = document.createElement("script");
script.textContent = await new Response(unpacked).text();
document.head.append(script);
for (const [id, figure] of Object.entries(FIGURES)) {
  Plotly.newPlot(id, figure.data, figure.layout,
                 {responsive: true, displaylogo: false, displayModeBar: true,
                  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
                  toImageButtonOptions: {filename: id, scale: 2}});
}
})();
"""


def numbered(plots: Mapping[str, Iterable[Plot]]) -> dict[str, Plot]:
    """Return the plots of each kind by the ids of their elements in the page."""
    return {
        f"{kind}-{index}": plot
        for kind, of_kind in plots.items()
        for index, plot in enumerate(of_kind)
    }


def document(
    title: str,
    body: Iterable[str],
    plots: Mapping[str, Plot],
    texts: ReportTexts,
    plotly_script: str,
) -> str:
    """Return the HTML document; ``plots`` are drawn in the elements of ``body`` with their ids.

    ``plotly_script`` is the text of plotly's JavaScript.
    """
    figures = {name: plotly_figure(plot) for name, plot in plots.items()}
    for figure in figures.values():
        figure["layout"]["separators"] = texts.separators
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="{texts.language}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>",
            *body,
            f"<noscript><p>{escape(texts.no_scripts)}</p></noscript>",
            "<footer>jitterball report</footer>",
            f'<script type="text/plain" id="plotly">{_packed(plotly_script)}</script>',
            f"<script>const FIGURES = {_script_json(figures)};{_DRAW}</script>",
            "</body>\n</html>\n",
        )
    )


def table_rows(table: Table, texts: ReportTexts) -> Iterator[str]:
    """Yield a table's HTML, with a sign at the best and the worst values."""
    headings = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    yield f"<table>\n<tr>{headings}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(_cells(row, texts))}</tr>"
    yield "</table>"


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def warning(text: str) -> str:
    """Return a paragraph of plain text that stands out."""
    return f'<p class="warning">{escape(text)}</p>'


def definitions(meanings: Mapping[str, str]) -> str:
    """Return a list of terms with their meanings."""
    rows = (f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in meanings.items())
    return f"<dl>{''.join(rows)}</dl>"


def _cells(cells: Iterable[Cell], texts: ReportTexts) -> Iterator[str]:
    # With a sign and a word, since colour-blind readers do not see the colours.
    signs = {Highlight.BEST: f"▲ {texts.best}", Highlight.WORST: f"▼ {texts.worst}"}
    for index, cell in enumerate(cells):
        # The first cell is a name, and a point in a name is no decimal mark.
        text = escape(texts.numbers(cell.text) if index else cell.text)
        if cell.highlight is Highlight.NONE:
            yield f"<td>{text}</td>"
        else:
            sign = f'<span class="highlight">{escape(signs[cell.highlight])}</span>'
            yield f'<td class="{cell.highlight.value}">{text}<br>{sign}</td>'


def _packed(script: str) -> str:
    # With a fixed time stamp: the same report has the same bytes.
    return b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def _script_json(value: object) -> str:
    # "</script" would end the element and "<!--" keep it from ending (HTML, section 4.12.1.3).
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")
