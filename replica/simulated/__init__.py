"""A seeded whole market: what happened on every venue, and what each venue's feed showed."""
