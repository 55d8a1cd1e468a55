"""Printed totals of liquidations, and what can be said of each: a verdict with its reason."""
