"""How fast the package is, beside others and beside bare NumPy: `python -m tests.benchmarks`."""
