"""The first page of the office, the search over everything, help and kept forms."""
