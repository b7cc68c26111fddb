"""The worksheet of a class as a page to print, and its key."""
