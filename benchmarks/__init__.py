"""Measurements, one command per question. Uses only the public façade and the command line."""
