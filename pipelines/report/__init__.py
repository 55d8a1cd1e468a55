"""A week of the warehouse as a page that anyone can rebuild: rows in, bytes out."""
