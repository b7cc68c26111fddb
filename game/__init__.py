"""Jitterball: disc football over a network whose transport is selectable.

``match`` <- ``protocol``, ``runtime`` <- ``server``, ``client`` <- ``lesson``
<- ``view``, ``lab``, ``web`` <- ``cli``.
A package imports only those on its left. Server and client share ``match``, ``protocol`` and
``runtime`` alone.
"""
