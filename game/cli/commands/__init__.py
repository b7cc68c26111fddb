"""The commands of ``jitterball``, one module each, with the command's name.

``class`` is a word of Python, so its module is ``classroom``. ``link_kernel`` is the part of
``link`` that runs with ``--kernel``.

``game.cli.app`` imports a module when its command runs. Here game, network and plugins meet.
"""
