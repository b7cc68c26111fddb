"""Clock synchronisation, interpolation, prediction, delta encoding and SNTP, for any game.  [pure]

A game's client, server and lab import it; ``net.session`` and ``net.measure`` use it too. This
package imports nothing of ``net`` but ``net.errors``.
"""
