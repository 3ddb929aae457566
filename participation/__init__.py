"""The domain of a participatory budget: records, life cycle, checks, journal and the store.

Nothing here knows of pages or forms; the clock and any random seed are arguments, never calls.
"""
