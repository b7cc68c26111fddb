"""Relays that pass real TCP and UDP traffic through the models of a link.

``process.py`` starts a relay in a process of its own. ``child.py`` is that process and runs a
``LinkProxy``. From outside ``net.link`` only ``net.errors``, ``net.system`` and ``net.transport``
are imported.
"""
