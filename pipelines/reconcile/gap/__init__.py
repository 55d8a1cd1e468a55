"""Why two sources differ: a gap split into causes that add up to it."""
