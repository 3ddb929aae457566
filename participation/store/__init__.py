"""Where content lives: a bare Git repository read and written through snapshots and saves, or a plain folder.

`open_content` opens either. Nothing here knows of pages or forms; the clock is an argument.
"""
