"""``python -m game`` does the same as ``jitterball``."""

import sys

from game.start import main

sys.exit(main())
