"""The commands of ``jitterball``, one family a file; ``game.cli`` gathers them.

Here game, net and plugins meet: nothing else asks the registry for a transport. What is slow to
import (the window, the plots) is imported in the body of the command that needs it.
"""
