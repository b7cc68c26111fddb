"""Jitterball: disc football over a network whose transport is selectable.

``match`` <- ``protocol``, ``runtime`` <- ``server``, ``client`` <- ``view``, ``lab`` <- ``cli``.
A package imports only those on its left. Server and client share ``match`` and ``protocol`` alone.
"""
