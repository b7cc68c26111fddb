"""Relays that pass real TCP and UDP traffic through the models of a link.

``relay_process.py`` starts a relay in a process of its own. ``child_main.py`` is that process and
runs the ``LinkRelay`` of ``relay.py``. From outside ``net.link`` only ``net.codec``,
``net.errors``, ``net.security``, ``net.system`` and ``net.transport`` are imported.
"""
