"""The football: world, physics, rules and bots; pure and deterministic, it knows no network."""
