"""Messages, time and links, for any networked game.

``game`` and ``plugins`` import from here; ``net`` imports neither of them.
Each subpackage says in its docstring what it holds and who may import it.
The names in the ``__all__`` of a module are public: a game or a transport plugin may use them.
"""
