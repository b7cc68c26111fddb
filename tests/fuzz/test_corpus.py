"""What fuzzing found stays found: every kept input, and a few thousand random ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


@pytest.mark.parametrize("kept", KEPT)
def test_a_kept_input_breaks_nothing(kept):
    TARGETS[Path(kept).parts[0]]((CORPUS / kept).read_bytes())


@pytest.mark.parametrize("name", list(TARGETS))
@settings(max_examples=300)
@given(data=st.binary(max_size=200))
def test_random_bytes_break_nothing(name, data):
    TARGETS[name](data)


def test_there_is_a_target_for_every_folder_of_the_corpus():
    assert {Path(kept).parts[0] for kept in KEPT} <= set(TARGETS)
