"""Messages, time and links, for any networked game.

``game`` and ``plugins`` import from here; ``net`` imports neither of them.
The subpackages are ``session``, ``datagram``, ``stream``, ``security``, ``sync``, ``measure``,
``system`` and ``link``; each says in its docstring who may import it.
A public name is one that its module lists in ``__all__``; a module without ``__all__`` is for
``net`` alone.
"""
