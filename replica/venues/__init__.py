"""How each source answers: its paths, parameters, envelopes, errors and limits."""
