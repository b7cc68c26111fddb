"""The text for a user whom the server refused."""

from game.client.settings import ClientSettings
from game.protocol.addresses import DEFAULT_PORT, format_host
from net.errors import SessionRefused
from net.session.messages import RefusalReason


def describe_refusal(settings: ClientSettings, refusal: SessionRefused) -> str:
    """Say why the server refused, and what the user can do instead."""
    if refusal.reason == RefusalReason.NO_TLS:
        return str(refusal)
    text = f"the server refused: {refusal}"
    if refusal.reason != RefusalReason.ROOM_FULL:
        return text
    typed = format_host(*settings.address, DEFAULT_PORT)
    return f"{text}; to watch the match: jitterball play {typed} --watch"
