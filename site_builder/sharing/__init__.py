"""What makes a page known elsewhere: the picture that messengers show of it, the code that leads from paper to it.

Both are derived files under `partage/`, made after the pages are live and remade only when their words change.
"""
