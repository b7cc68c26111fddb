"""Spanish of a finished English line: its template is looked up, and its values are put back.

[pure] Errors of ``net`` know no language, so the whole line is translated where it is printed.
"""

import re
from functools import lru_cache

from game.cli.spanish_messages import SPANISH_MESSAGES

# A number or several, each with a sign and a unit: "0.3 s ± 1.2 ms". No address, no version.
_NUMBERS = re.compile(
    r"[-+±<>/ ()]*+(?:\d++(?:\.\d++)?+(?:e[-+]\d++)?+ ?+(?:ms|s|kB/s|Mbit/s|B|%)?+[-+±<>/ ()]*+)+"
)
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
# A word that the user typed, as ``repr`` writes it.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
# The texts of a live table repeat: as many as some tables have.
_CACHE_SIZE = 2048
# An error holds another, which holds the system's reason. A log line may hold what a client sends:
# without a limit, a text of colons only would be searched for minutes.
_DEPTH = 8
_COLON = ": "
# Stands at the end of any line of a log.
_AT_END = "{} (and {} more since the last)"


def _pattern(template: str) -> re.Pattern[str]:
    parts = map(re.escape, template.split("{}"))
    return re.compile("(.+?)".join(parts), re.DOTALL)


def _begins_with_value(template: str) -> bool:
    """Return whether the template is words about a value, as in "{} is not {}"."""
    return template.startswith("{}") and not template.startswith("{}: ") and template != _AT_END


# The most specific template first: "{}: {}" fits nearly every line.
_PATTERNS = tuple(
    (_pattern(template), SPANISH_MESSAGES[template], _begins_with_value(template))
    for template in sorted(
        SPANISH_MESSAGES, key=lambda each: len(each.replace("{}", "")), reverse=True
    )
    if "{}" in template
)


@lru_cache(_CACHE_SIZE)
def in_spanish(text: str, depth: int = _DEPTH) -> str:
    """Return a text in Spanish, with decimal commas; unchanged if no template fits.

    The values in a text are translated too, down to ``depth`` texts inside each other.
    """
    if (whole := SPANISH_MESSAGES.get(text)) is not None:
        return whole
    if _QUOTED.fullmatch(text):
        return text
    if _NUMBERS.fullmatch(text):
        return _POINT.sub(",", text)
    if not depth:
        return text
    for pattern, spanish, begins_with_value in _PATTERNS:
        match = pattern.fullmatch(text)
        # In "a.json: it is not one", the words are not about "a.json: it".
        if match and not (begins_with_value and _COLON in match[1]):
            return spanish.format(*(_value_in_spanish(each, depth - 1) for each in match.groups()))
    return text


def _value_in_spanish(value: str, depth: int) -> str:
    """Return a value inside a line; a single word such as ``delay`` is what the user typed."""
    return value if value.isalpha() else in_spanish(value, depth)
