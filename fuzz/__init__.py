"""Spoiled answers for every reader, in any number: what must hold whatever a source writes."""
