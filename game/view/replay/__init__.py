"""Slow motion: the last ten seconds of a screen, kept as drawn and played again.

``CompareScreen`` and ``PlayScreen`` have a ``slow_motion`` (``slow_motion.SlowMotion``). Keys and
mouse control it, and so may other code, in the screen's thread::

    screen.slow_motion.play(begin_s, end_s, speed=0.1)   # seconds of the clock of ``draw``
    screen.slow_motion.is_open                           # True until ``close`` or the user's Esc
    screen.slow_motion.is_over                           # True once ``end_s`` has been shown
    screen.slow_motion.stall_to_play(now)                # the offered or longest stall, or None
    screen.slow_motion.play_stall(now)
    screen.slow_motion.close()

The match goes on while slow motion is open. It cannot begin before the oldest kept frame.
"""
