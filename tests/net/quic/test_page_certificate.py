"""The renewal of the certificate that a page accepts by its hash, over months of dates."""

from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("aioquic", reason="QUIC needs aioquic, which is not installed")

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from net.quic.page_certificate import ANNOUNCED_BEFORE, SERVED_FOR, VALID_FOR, PageCertificates
from net.security.certificates import make_self_signed

BROWSERS_LIMIT = timedelta(days=14)
START = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_browser_accepts_its_key_and_its_span():
    certificate = x509.load_pem_x509_certificate(PageCertificates(START).current.certificate_pem)
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    span = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert SERVED_FOR < VALID_FOR < span <= BROWSERS_LIMIT


def test_the_next_one_is_announced_before_it_is_used():
    certificates = PageCertificates(START)
    first = certificates.hashes
    assert len(first) == 1
    assert not certificates.renew(START + SERVED_FOR - ANNOUNCED_BEFORE - timedelta(seconds=1))
    assert certificates.hashes == first
    assert not certificates.renew(START + SERVED_FOR - ANNOUNCED_BEFORE)
    both = certificates.hashes
    assert both[:1] == first
    assert len(set(both)) == 2
    assert certificates.renew(START + SERVED_FOR)
    assert certificates.hashes == both[1:]


def test_none_is_ever_used_longer_than_it_is_valid():
    made = []

    def make(span):
        made.append(span)
        return make_self_signed(span)

    certificates = PageCertificates(START, make)
    # The first one is from the start.
    made.clear()
    for hour in range(24 * 60):
        now = START + timedelta(hours=hour)
        before = certificates.current
        assert certificates.renew(now) == (certificates.current is not before)
    # Sixty days: every ten days one.
    assert len(made) == 5


def test_a_computer_that_slept_too_long_has_another_one_at_once():
    certificates = PageCertificates(START)
    first = certificates.hashes
    assert certificates.renew(START + timedelta(days=30))
    assert certificates.hashes != first
    assert len(certificates.hashes) == 1
