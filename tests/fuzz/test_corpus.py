"""What fuzzing found stays found: every kept input, good ones spoilt, and blind bytes."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS, pack, pieces

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


BLIND = st.binary(max_size=200) | st.lists(st.binary(max_size=80), max_size=8).map(pack)


def spoil(seed: bytes, rng: Random) -> bytes:
    """Change a few bytes, and now and then cut the rest off."""
    spoilt = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt[: rng.randint(1, len(spoilt))] if rng.random() < 0.2 else spoilt)


def test_every_kept_input_breaks_nothing():
    for kept in KEPT:
        TARGETS[Path(kept).parts[0]]((CORPUS / kept).read_bytes())


@pytest.mark.parametrize("name", [name for name in TARGETS if seeds_of(name)])
def test_a_good_input_breaks_nothing_nor_does_a_spoilt_one(name):
    for number, seed in enumerate(seeds_of(name)):
        TARGETS[name](seed)
        for attempt in range(100):
            TARGETS[name](spoil(seed, Random(f"{name} {number} {attempt}")))


@pytest.mark.parametrize("name", list(TARGETS))
@settings(max_examples=300)
@given(data=BLIND)
def test_blind_bytes_break_nothing(name, data):
    TARGETS[name](data)


@given(parts=st.lists(st.binary(max_size=80)))
def test_packed_pieces_come_apart_again(parts):
    assert pieces(pack(parts)) == parts


def test_there_is_a_target_for_every_folder_of_the_corpus():
    assert {Path(kept).parts[0] for kept in KEPT} <= set(TARGETS)
