"""The worksheet of a class as a page to print, and its key.

The text stands in ``docs``. Imported by the command line.
"""
