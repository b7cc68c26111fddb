"""Windows that commands open: of ``play`` with its lobby, and of ``compare`` and ``learn``."""
