"""Speed and memory, measured beside what the same work costs elsewhere. Run: ``python -m bench.run``."""
