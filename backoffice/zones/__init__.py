"""The zones of the territory: their list and order, their outlines drawn or taken from a file."""
