"""Imports: files of other programs become a `Plan` of records, told first, applied as one commit.

Each kind of file has its module (`table`, `pabulib`, `events`); all end in `plan.Planner`. Nothing here asks the clock,
evaluates a formula, reaches the network, or lets a natural person's data through unless a mapping names organisations.
"""
