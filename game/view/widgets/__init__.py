"""Widgets: buttons, sliders, cards, menu and toasts.

Imported by the screens and panels of ``game.view``.
"""
