"""Replay of the fuzzing corpus, mutated seeds, and random bytes."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import scaled
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS, pack, split_parts

CORPUS = Path(__file__).parent / "corpus"
FINDINGS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


RANDOM_BYTES = st.binary(max_size=200) | st.lists(st.binary(max_size=80), max_size=8).map(pack)


def mutate(seed: bytes, rng: Random) -> bytes:
    """Return a seed with a few changed bytes, sometimes truncated."""
    mutated = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        mutated[rng.randrange(len(mutated))] = rng.randrange(256)
    return bytes(mutated[: rng.randint(1, len(mutated))] if rng.random() < 0.2 else mutated)


def test_no_finding_of_the_corpus_raises():
    for finding in FINDINGS:
        TARGETS[Path(finding).parts[0]]((CORPUS / finding).read_bytes())


@pytest.mark.parametrize("name", [name for name in TARGETS if seeds_of(name)])
def test_no_seed_and_no_mutation_raises(name):
    for number, seed in enumerate(seeds_of(name)):
        TARGETS[name](seed)
        for attempt in range(scaled(100)):
            TARGETS[name](mutate(seed, Random(f"{name} {number} {attempt}")))


@pytest.mark.parametrize("name", list(TARGETS))
@settings(max_examples=scaled(300))
@given(data=RANDOM_BYTES)
def test_no_random_bytes_raise(name, data):
    TARGETS[name](data)


@given(parts=st.lists(st.binary(max_size=80)))
def test_packed_parts_split_again(parts):
    assert split_parts(pack(parts)) == parts


def test_there_is_a_target_for_every_folder_of_the_corpus():
    assert {Path(finding).parts[0] for finding in FINDINGS} <= set(TARGETS)
