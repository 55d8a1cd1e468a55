"""Signs of a fault in one telling, held against another: pure functions on cells."""
