"""A solver per module, each run in a process of its own: `python -m benchmarks.solvers.NAME`, task on standard input.

A module reads the instance file, solves it and writes lines of JSON (`talk.py`). Only `ours` imports the scheduler, and
only its façade, and `without`, which takes parts out of it; the others read instances with the reader of the standalone
checker.
"""
