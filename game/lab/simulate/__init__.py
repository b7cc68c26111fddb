"""A simulated measurement in virtual time.  [pure]

It imports the server's room, which is pure too. Imported by tests and benches only.
"""
