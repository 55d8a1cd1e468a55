"""A local server that answers as the five sources do; it shares no code with `pipelines`."""
