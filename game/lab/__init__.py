"""The laboratory: compare, measure and report."""
