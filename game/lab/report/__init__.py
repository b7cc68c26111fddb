"""The report of a measurement: tables, plots and texts on one HTML page.

Imported by the command line. It reads the files of ``game.lab.measure.results_folder``.
"""
