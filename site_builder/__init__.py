"""The generator: records become the files of a static site, and releases of it go live.

Rules of a participatory budget belong to `participation`, forms and HTTP to `backoffice`.
"""
