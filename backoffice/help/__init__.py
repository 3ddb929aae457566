"""Help in the office: a tour, guides for each task, keyboard shortcuts, whom to ask."""
