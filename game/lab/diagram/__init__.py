"""The time-sequence diagram of a lost packet.  [pure]

Imported by the command line.
"""
