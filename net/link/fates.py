"""Seeds of a relay's clients, from the one seed of the relay.  [pure]

Client number k of every transport gets the same seed, and packet number n of a direction the same
luck by it, so transports that are compared side by side meet the same fate.
"""

# Far apart, so that neighbouring seeds of two relays share no client's luck.
_STEP = 1_000_003


def flow_seed(seed: int, number: int) -> int:
    """Return the seed of client `number`, counted from 0; the first has the relay's own."""
    return seed + number * _STEP
