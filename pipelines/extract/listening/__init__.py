"""The collector: every public feed of liquidations at once, each frame kept byte for byte.

    connection  one socket: open, subscribe, keep alive, notice its death, open again
    watch       which minutes a feed was heard without a break
    journal     what was heard, on the disk within a second
    segments    an hour of it, closed into Parquet
    collector   all feeds together, until somebody stops them or the disk is full

What a feed is and what its sounds mean is said by its connector (``pipelines.extract.streams``).
"""
