"""Widgets: buttons, sliders, cards, wrapped text, menu and toasts.

Imported by the screens and panels of ``game.view``.
"""
