"""The engine's figures: `python -m tests.matching.bench`, the first step of `make bench`."""
