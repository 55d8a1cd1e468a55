"""The work, in the order it is done. Plain Python and Polars; nothing here knows Dagster.

    extract    ask a source, keep its answer byte for byte
    normalise  one answer in, canonical rows (and what is quarantined) out
    reconcile  two sources of one number, and the gap between them
    load       Parquet and ``sql/`` into one DuckDB file
    report     a week of the warehouse, as a page that anyone can rebuild

Shared rooms: ``sources`` (who), ``tables`` (what shape), ``units`` (how much), ``clock`` (when),
``raw`` and ``lake`` (where), ``strict_json`` (the one reader of untrusted bytes).
"""
