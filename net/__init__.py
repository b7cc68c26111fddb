"""Network code for real-time games: transports, sessions, synchronisation, measurement, emulation.

Imports neither ``game`` nor ``plugins``. Another game or a transport plugin may use every module;
the names that are meant for them are in the modules' ``__all__``.
"""
