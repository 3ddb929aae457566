"""Several offices that share one content: what they say of it on the first page, and the questions that are left."""
