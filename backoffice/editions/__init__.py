"""A new edition made from an earlier one."""
