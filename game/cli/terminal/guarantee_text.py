"""Words for what a transport guarantees.

Imports little: ``jitterball transports`` must not wait.
"""

from net.transport import Guarantees


def head_of_line_text(guarantees: Guarantees) -> str:
    """Return the effect of a lost packet on later data."""
    return "delays later data" if guarantees.head_of_line_blocking else "delays nothing else"
