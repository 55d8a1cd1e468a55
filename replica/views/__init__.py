"""What each source shows of the simulated world, in its own units and buckets."""
