"""Authentication proofs, encryption, certificates, and limits on what one client may use.

A game imports ``options``, ``certificates``, ``admission``, ``rate_limit``, ``client_network`` and
``sanitize``. A transport plugin finds its TLS settings in ``net.transport.TlsConfig``.
``net.session``, ``net.datagram`` and ``net.stream`` build on this package. It uses nothing of
``net`` but ``net.errors`` and ``net.transport``.
"""
