"""Clock synchronisation, snapshot interpolation and client-side prediction, for any game.

A game's client imports all three modules; ``net.session`` and ``net.measure`` use them too. This
package imports nothing else of ``net``.
"""
