"""The results of a vote on the site: nothing before they are announced, then the count with everything to check it.

`reading` counts once and keeps the outcome; `page`, `parts` and `recount` show it; `files` makes what is downloaded.
"""
