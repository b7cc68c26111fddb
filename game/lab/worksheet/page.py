"""The HTML page of the worksheet, for paper: with blanks to fill in, or with the key.  [pure]

The page is one file and asks for no other. Links of the source lead to files beside it, so their
words stay and the links go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from game.lab.worksheet.texts import SheetTexts

# Lines to write on. An explanation takes more of them than a prediction.
_PREDICTION_LINES = 2
_OBSERVATION_LINES = 3
_EXPLANATION_LINES = 6

_STYLE = """
@page { size: A4; margin: 16mm 17mm 18mm; @bottom-right { content: counter(page); } }
body { font: 11pt/1.4 sans-serif; color: #000; background: #FFF; max-width: 178mm;
       margin: 0 auto; }
h1 { font-size: 19pt; line-height: 1.2; margin: 0 0 8pt; }
h2 { font-size: 14pt; margin: 18pt 0 4pt; border-bottom: 1.5pt solid #000; }
p, ul { margin: 6pt 0; }
h2, h2 + p { break-after: avoid; }
p { orphans: 3; widows: 3; }
code, pre { font: 9.5pt/1.4 monospace; }
pre { margin: 6pt 0; padding: 2pt 6pt; border-left: 2pt solid #888; white-space: normal;
      break-inside: avoid; }
pre code { display: block; padding-left: 12pt; text-indent: -12pt; }
pre span { white-space: nowrap; }
table { border-collapse: collapse; margin: 6pt 0; break-inside: avoid; }
th, td { border: 0.5pt solid #777; padding: 2pt 8pt; text-align: left; }
td:empty { min-width: 26mm; height: 8mm; }
.fields { display: flex; gap: 8mm; margin: 0 0 10pt; }
.fields span { flex: 1; border-bottom: 0.5pt solid #000; padding-top: 6mm; }
.note { font-weight: bold; border: 1pt solid #000; padding: 2pt 6pt; display: inline-block; }
.task { break-inside: avoid; }
.task:has(+ table) { break-after: avoid; }
.line { height: 8mm; border-bottom: 0.5pt solid #999; }
.key { border-left: 3pt solid #0072B2; padding-left: 8pt; margin: 6pt 0; }
@media screen { body { padding: 24px; } }
"""


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading, list, table or code block; ``opening`` are its first bold words."""

    tokens: Sequence[Token]
    opening: str

    @property
    def heading(self) -> str:
        """The text of a heading of the second level, "" for another block."""
        return self.tokens[1].content if self.tokens[0].tag == "h2" else ""

    @property
    def is_table(self) -> bool:
        """True for a table."""
        return self.tokens[0].type == "table_open"


def worksheet_page(source: str, texts: SheetTexts) -> str:
    """Return the page for a student: what others saw is left out, and lines take its place."""
    blocks = _blocks(source)
    return _page(blocks, texts, _fields(texts), "".join(_student_parts(blocks, texts)))


def key_page(source: str, key: str, texts: SheetTexts) -> str:
    """Return the page for the teacher: the worksheet as it is, with the answers of ``key``.

    Raises ``ValueError`` if the key answers a task that the worksheet does not have.
    """
    blocks = _blocks(source)
    answers = _answers(_blocks(key))
    if unknown := answers.keys() - {each.heading for each in blocks}:
        raise ValueError(f"the key answers tasks that are not there: {', '.join(sorted(unknown))}")
    note = f'<p class="note">{escape(texts.key_note)}</p>'
    return _page(blocks, texts, note, "".join(_teacher_parts(blocks, answers, texts)))


def _page(blocks: Sequence[_Block], texts: SheetTexts, head: str, body: str) -> str:
    title = escape(blocks[0].tokens[1].content)
    return (
        f'<!doctype html>\n<html lang="{texts.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{_html(blocks[0])}{head}\n{body}</body>\n</html>\n"
    )


def _fields(texts: SheetTexts) -> str:
    spans = "".join(f"<span>{escape(each)}:</span>" for each in texts.fields)
    return f'<div class="fields">{spans}</div>'


def _student_parts(blocks: Sequence[_Block], texts: SheetTexts) -> Iterator[str]:
    is_in_task = False
    for block, following in zip_longest(blocks[1:], blocks[2:]):
        is_in_task = is_in_task or bool(block.heading)
        match _kind(block, texts):
            case texts.predict if following is not None and following.is_table:
                # Its empty cells are the blanks.
                yield _task(_html(block), 0)
            case texts.predict:
                yield _task(_html(block), _PREDICTION_LINES)
            case texts.saw if is_in_task:
                yield _task(
                    f"<p><strong>{escape(texts.observed)}:</strong></p>", _OBSERVATION_LINES
                )
            case texts.saw:
                # A sentence about all figures, which the printed page does not have.
                continue
            case texts.explain:
                yield _task(_html(block), _EXPLANATION_LINES)
            case _:
                yield _html(block)


def _teacher_parts(
    blocks: Sequence[_Block], answers: dict[str, list[_Block]], texts: SheetTexts
) -> Iterator[str]:
    heading = ""
    for block in blocks[1:]:
        if block.heading:
            yield _key(answers.pop(heading, []))
            heading = block.heading
        yield _key([block]) if _kind(block, texts) == texts.saw else _html(block)
    yield _key(answers.pop(heading, []))


def _task(html: str, lines: int) -> str:
    return f'<div class="task">{html}{"<div class=line></div>" * lines}</div>\n'


def _key(blocks: Sequence[_Block]) -> str:
    return f'<div class="key">{"".join(map(_html, blocks))}</div>\n' if blocks else ""


def _answers(blocks: Sequence[_Block]) -> dict[str, list[_Block]]:
    """Return the blocks of a key by the headings of their tasks."""
    answers: dict[str, list[_Block]] = {}
    heading = ""
    for block in blocks:
        if block.heading:
            heading = block.heading
        elif heading:
            answers.setdefault(heading, []).append(block)
    return answers


def _kind(block: _Block, texts: SheetTexts) -> str:
    """Return the word that says what a paragraph is for, "" if it is only read."""
    words = (texts.predict, texts.saw, texts.explain)
    return next((word for word in words if block.opening.rstrip(":.") == word), "")


def _blocks(source: str) -> list[_Block]:
    blocks: list[_Block] = []
    tokens: list[Token] = []
    for token in _markdown().parse(source):
        tokens.append(token)
        if token.level == 0 and token.nesting <= 0:
            block = _Block(tokens, _opening(tokens))
            tokens = []
            if not _is_link_to_other_language(block):
                blocks.append(block)
    return blocks


def _opening(tokens: Sequence[Token]) -> str:
    inline = tokens[1].children if len(tokens) > 1 else None
    if tokens[0].type != "paragraph_open" or not inline:
        return ""
    # The parser puts an empty text before bold words at the start of a line.
    words = [each for each in inline if each.type != "text" or each.content]
    is_bold = len(words) > 1 and words[0].type == "strong_open"
    return words[1].content if is_bold else ""


def _is_link_to_other_language(block: _Block) -> bool:
    """Return whether a block is the line below the title that leads to the other language."""
    inline = block.tokens[1].content if len(block.tokens) > 1 else ""
    return inline.startswith("*[") and inline.endswith(")*")


def _html(block: _Block) -> str:
    markdown = _markdown()
    return str(markdown.renderer.render(block.tokens, markdown.options, {}))


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    for rule in ("link_open", "link_close"):
        markdown.add_render_rule(rule, lambda *_: "")
    markdown.add_render_rule("code_block", _command_lines)
    return markdown


def _command_lines(
    _renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object
) -> str:
    """Return commands that may be broken between words only: never behind the first hyphen."""
    lines = tokens[index].content.splitlines()
    drawn = (" ".join(f"<span>{escape(word)}</span>" for word in line.split()) for line in lines)
    return f"<pre>{''.join(f'<code>{line}</code>' for line in drawn)}</pre>\n"
