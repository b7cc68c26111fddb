"""Self-signed certificates, and fingerprints of certificates."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta

from net.errors import EncryptionUnavailable
from net.transport import TlsConfig

__all__ = ["fingerprint_of", "format_fingerprint", "make_self_signed"]

# Ten years, longer than any class lasts. Clients check the fingerprint, not the date.
_SELF_SIGNED_FOR = timedelta(days=3650)

# A client whose clock is a day behind must accept a certificate that was made today.
_CLOCK_SKEW = timedelta(days=1)

# Enough to compare at a glance. More is shown only if two fingerprints differ later.
_FINGERPRINT_SHOWN_BYTES = 4


def make_self_signed(valid_for: timedelta = _SELF_SIGNED_FOR) -> TlsConfig:
    """Make a self-signed certificate, which clients trust by its fingerprint.

    It is valid from a day ago on, for ``valid_for`` from now.

    Raises ``EncryptionUnavailable`` if the ``cryptography`` package cannot be imported.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise EncryptionUnavailable(
            f"making a certificate needs the package cryptography ({error}): "
            "pip install cryptography"
        ) from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jitterball")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + valid_for)
        # The name proves nothing. Chromium's QUIC reads no certificate without an extension.
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("jitterball")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return TlsConfig(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def fingerprint_of(certificate_pem: bytes) -> bytes:
    """Return the SHA-256 of the first certificate in PEM.

    Raises ``ValueError`` if there is none.
    """
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    text = certificate_pem.decode("ascii", "replace")
    first, found, _ = text.partition(end)
    if not found or begin not in first:
        raise ValueError("no certificate in PEM")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first[first.index(begin) :] + end)).digest()


def format_fingerprint(fingerprint: bytes) -> str:
    """Format a fingerprint for people to compare: ``AB:CD:...``."""
    return fingerprint.hex(":").upper()


def differing_prefixes(one: bytes, other: bytes) -> tuple[str, str]:
    """Return the beginnings of two fingerprints, long enough to show where they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    differs_at = next((index for index, (a, b) in pairs if a != b), 0)
    shown = max(_FINGERPRINT_SHOWN_BYTES, differs_at + 1)
    return format_fingerprint(one[:shown]), format_fingerprint(other[:shown])
