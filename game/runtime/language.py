"""Which language this computer speaks. Knows no text in any."""

import locale
import os


def system_language() -> str:
    """Return the code of the language this computer speaks, `en` if it does not say."""
    # The order in which POSIX looks; Windows sets none of these and has a locale instead.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return locale.getlocale()[0] or "en"
