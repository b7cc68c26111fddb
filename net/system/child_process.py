"""Child processes that a terminal's Ctrl-C does not reach.

A terminal interrupts everything that runs in it, children too, and then nobody is left to say
goodbye through. A child of ours ends when its standard input does; only its parent hears Ctrl-C.
"""

import subprocess
import sys
from typing import Any


def new_process_group_options() -> dict[str, Any]:
    """Return the arguments of ``subprocess.Popen`` that keep Ctrl-C from a child."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}
