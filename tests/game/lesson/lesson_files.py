"""A valid lesson file for tests, and variants of it."""

LESSON = """
link = "delay=25ms"
transports = ["tcp", "udp"]
play_s = 10
slow_transport = "tcp"
answer = "B"
figures = ["tcp.longest_freeze_ms", "udp.longest_freeze_ms"]
claims = ["tcp.longest_freeze_ms > 100", "udp.longest_freeze_ms < tcp.longest_freeze_ms - 20"]
events = [{ at_s = 4, outage_ms = 300 }]

[netcode]
interpolation_ms = 67

[en]
title = "An outage"
intro = "The link fails."
question = "What happens?"
answers = ["Nothing", "TCP freezes", "UDP freezes"]
task = "Watch."
moment = "TCP waits."
explanation = ["One.", "Two.", "Three."]

[es]
title = "Un corte"
intro = "El enlace falla."
question = "¿Qué pasa?"
answers = ["Nada", "TCP se congela", "UDP se congela"]
task = "Mira."
moment = "TCP espera."
explanation = ["Uno.", "Dos.", "Tres."]
"""


def changed(old: str, new: str) -> str:
    """Return the file with ``old``, which it must have, replaced."""
    assert old in LESSON
    return LESSON.replace(old, new)
