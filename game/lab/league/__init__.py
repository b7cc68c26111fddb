"""Leagues of bots: schedule, matches, table, and the example bots to start from.

``schedule``, ``table``, ``referee`` and ``bot_command`` are pure; ``match`` and ``bot_process`` run
the bots. Imported by the command line.
"""
