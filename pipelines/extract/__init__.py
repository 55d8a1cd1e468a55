"""Ask a source, keep its answer byte for byte. Nothing here knows what an answer means."""
