"""The layers of every cell: at least, at most, and what is estimated beside what is reported."""
