"""Model of a TCP connection of the Linux kernel, in virtual time.  [pure]

``tcp_model.py`` is the entry: one connection between two ``Endpoint`` objects, each with a
``Sender`` and a ``Receiver``. ``reassembly.py`` models head-of-line blocking. The relays and
the simulation import ``tcp_model`` and ``endpoint``.
"""
