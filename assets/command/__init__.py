"""The command line: it reads words, calls ``pipelines`` or a Dagster run, and prints what came."""
