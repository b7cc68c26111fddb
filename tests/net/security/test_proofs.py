"""Proofs, transcript hash and key derivation."""

from net.security.proofs import (
    client_password_proof,
    constant_time_equal,
    direction_keys,
    hkdf_expand,
    hkdf_extract,
    password_key,
    server_password_proof,
    token_proof,
    transcript_hash,
)

SALT = b"s" * 16
KEY = b"k" * 32


def test_hkdf_matches_the_test_vector_of_rfc_5869():
    """Test case 1 of appendix A."""
    pseudorandom_key = hkdf_extract(bytes(range(13)), b"\x0b" * 22)
    assert pseudorandom_key.hex() == (
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    )
    assert hkdf_expand(pseudorandom_key, bytes(range(0xF0, 0xFA)), 42).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_a_password_has_one_key_however_its_accents_are_encoded():
    composed, decomposed = "camión", "camio\u0301n"
    assert composed != decomposed
    assert password_key(composed, SALT) == password_key(decomposed, SALT)


def test_another_password_or_salt_is_another_key():
    assert (
        len({password_key("a", SALT), password_key("b", SALT), password_key("a", b"t" * 16)}) == 3
    )


def test_the_transcript_hash_covers_every_byte_and_every_boundary():
    transcripts = [
        (b"hello", b"challenge", b"key"),
        (b"hellp", b"challenge", b"key"),
        (b"hello", b"challengf", b"key"),
        (b"hello", b"challenge", b"kez"),
        # The same bytes with other boundaries.
        (b"hell", b"ochallenge", b"key"),
        (b"hello", b"challengek", b"ey"),
    ]
    by_hash = {transcript_hash(*parts): parts for parts in transcripts}
    assert list(by_hash.values()) == transcripts


def test_each_kind_of_proof_is_different():
    secret = "k" * 32
    transcript = transcript_hash(b"a", b"b", b"c")
    proofs = {
        client_password_proof(secret.encode(), transcript),
        server_password_proof(secret.encode(), transcript),
        token_proof(secret, transcript),
    }
    assert len(proofs) == 3


def test_proofs_are_compared_in_full_length():
    proof = client_password_proof(KEY, b"transcript")
    assert constant_time_equal(proof, client_password_proof(KEY, b"transcript"))
    assert not constant_time_equal(proof[:-1], proof)
    assert not constant_time_equal(b"", proof)


def test_keys_differ_by_direction_secret_password_and_transcript():
    made = [
        direction_keys(b"shared", KEY, b"transcript"),
        direction_keys(b"other", KEY, b"transcript"),
        direction_keys(b"shared", b"other", b"transcript"),
        direction_keys(b"shared", KEY, b"other"),
    ]
    assert len({key for keys in made for key in (keys.to_server, keys.to_client)}) == 8
