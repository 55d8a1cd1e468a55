"""The proof: weeks whose truth is known, through the pipeline, beside what came out."""
