"""The football: world, physics, rules and bots, as a deterministic simulation.  [pure]

Every other package of ``game`` but ``runtime`` may import it. It imports none.
"""
