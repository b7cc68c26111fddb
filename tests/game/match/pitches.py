"""Mark of tests that hold on each pitch."""

import pytest

from game.match.pitch import PITCHES

each_pitch = pytest.mark.parametrize("pitch", PITCHES.values(), ids=lambda pitch: pitch.size.name)
