"""net/link/calibration."""
