"""Records as tables that anyone may take away: columns from the declarations, their Table Schema, the way back in.

Only what is public, and only shapes: `site_builder.opendata` writes the files, `participation.importing` reads them.
"""
