"""``python -m game`` does the same as ``jitterball``."""

import sys

from game.cli import main

sys.exit(main())
