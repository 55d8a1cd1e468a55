"""One answer in, canonical rows and quarantined rows out. A module for each source; no network,
no clock. What a word or a number means is said here and nowhere else.
"""
