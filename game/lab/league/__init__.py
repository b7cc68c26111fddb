"""Leagues of bots: schedule, matches, table, and the example bots to start from."""
