"""Photos and documents: taken in, shown, described, chosen for a record, thrown away. Keeping them is the store’s."""
