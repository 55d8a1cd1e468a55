"""What each source can be asked for, and how: one module a source, by the id of its entry in
``pipelines.sources``. Nothing here knows what a field means.
"""
