"""Jitterball: disc football over a network whose transport you choose."""
