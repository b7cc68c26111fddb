"""The game's messages, their encoding, and the values both ends agree on.  [pure]

Every package of ``game`` but ``match`` and ``runtime`` may import it. It imports ``net`` and
``game.match`` only.
"""
