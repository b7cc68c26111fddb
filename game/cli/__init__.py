"""The command line: ``app`` runs the ``commands``, with ``options``, ``terminal`` and ``windows``.

Only ``game.__main__`` imports it. It may import every other package, and is the only one that asks
``net.registry`` for a transport.
"""
