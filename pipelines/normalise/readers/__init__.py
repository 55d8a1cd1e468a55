"""What each source's answers mean: one module a source, or one folder where there is much to say.

Each has ``READERS`` and ``STATEMENTS``; which of them are picked up is said by ``pipelines.sources``.
"""
