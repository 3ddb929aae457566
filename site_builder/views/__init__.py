"""One module per kind of page: what a page says, from cards and public projections. How it looks is in templates."""
