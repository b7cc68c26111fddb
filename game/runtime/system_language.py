"""Language of the operating system's user interface."""

import locale
import os

# GNU's list of preferred languages, which goes before the locale.
LANGUAGE_VARIABLE = "LANGUAGE"


def system_language() -> str:
    """Return the language code of the system, such as ``es_ES``; ``en`` if it has none."""
    if preferred := os.environ.get(LANGUAGE_VARIABLE):
        return preferred.partition(":")[0]
    # The order of precedence of POSIX. Windows sets none of these and has a locale instead.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return locale.getlocale()[0] or "en"
