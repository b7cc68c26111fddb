"""The text for a user whose connection the server refused."""

from game.client.settings import ClientSettings
from game.protocol.addresses import DEFAULT_PORT, format_host
from net.errors import ServerRejected, SessionRefused
from net.session.messages import RefusalReason


def refusal_text(refusal: SessionRefused) -> str:
    """Say why there is no session, and which end refused it."""
    # A refusal by our own end names the server itself.
    return str(refusal) if isinstance(refusal, ServerRejected) else f"the server refused: {refusal}"


def describe_refusal(settings: ClientSettings, refusal: SessionRefused) -> str:
    """Say why the server refused, and what the user can do instead."""
    text = refusal_text(refusal)
    if refusal.reason != RefusalReason.ROOM_FULL:
        return text
    typed = format_host(*settings.address, DEFAULT_PORT)
    return f"{text}; to watch the match: jitterball play {typed} --watch"
