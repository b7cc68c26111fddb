"""The football: world, physics, rules and bots, as a deterministic simulation.

Every other package of ``game`` may import it. It imports nothing else, and everything is pure.
"""
