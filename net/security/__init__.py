"""Authentication proofs, encryption, certificates, and limits on what one client may use.

A game imports ``options``, ``certificates``, ``server_limits``, ``token_bucket``,
``client_network``, ``sanitize`` and ``aead.require_available``. A transport plugin imports
``token_bucket`` and ``sanitize``. ``proofs`` and ``login_backoff`` are for ``net`` alone.
``net.session``, ``net.datagram`` and ``net.stream`` build on this package. It uses nothing of
``net`` but ``net.errors`` and ``net.transport``.
"""
