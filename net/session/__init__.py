"""The handshake and the conversation of one client with one server, over any channel.

A game imports ``client``, ``server``, ``session``, ``messages``, ``authenticator``, ``slots`` and
``event_log``. A transport plugin needs nothing from here.
In ``net`` no other subpackage imports this one. It uses ``net.security``, ``net.sync``,
``net.transport`` and ``net.codec``.
"""
