"""The program's surroundings: ticks, the network thread, shutdown, files and limits.

Every package of ``game`` but ``match`` may import it. It imports nothing else of ``game``, and of
``net`` the packages ``system`` and ``security``.
"""
