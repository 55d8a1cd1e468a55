"""How two series of one thing disagree: level, day, hour, break, unit. Numbers in, numbers out."""
