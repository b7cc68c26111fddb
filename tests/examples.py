"""Numbers of examples: fewer by default, and all of them with ``--all``."""

from hypothesis import settings

# Examples of a property with ``--all``.
EXAMPLES = 100


def scaled(count: int) -> int:
    """Return how many of ``count`` examples this run tries: all with ``--all``, else a quarter."""
    profile = settings.get_profile(settings.get_current_profile_name())
    return max(1, count * profile.max_examples // EXAMPLES)
