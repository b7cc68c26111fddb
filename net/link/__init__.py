"""Emulated links: delay, loss, jitter and rate limits in userspace, without root.

- Here: link settings (``profile``, ``presets``, ``spec``), the model of a path for packets
  (``packet_path``, ``loss``), recorded links (``recording``, ``recorded_schedule``,
  ``summary``), the ``packet_log`` and statistics.
- ``tcp``: the model of a TCP connection over a link.
- ``relay``: relays that pass real traffic through the models.
- ``capture``: the packet log as a file for Wireshark.
- ``kernel``: a link of real IP packets through the Linux kernel, the reference for ``tcp``.

``tcp`` and the modules here import neither ``relay``, ``capture`` nor ``kernel``.
"""
