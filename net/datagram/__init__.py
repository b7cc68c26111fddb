"""net/datagram."""
