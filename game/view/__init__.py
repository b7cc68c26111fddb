"""The screen: everything that draws; nothing outside this package imports pygame."""
