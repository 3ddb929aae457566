"""Open data: the public records as files that anyone may take away, and the page that lists them.

They are derived files, in a folder of their own that is part of no release: `making.update` makes them from the
published content after the pages are live, each one again only when what it is made of has changed. The page lists
the files that lie there and no other, so that it never leads to one that is missing; a site has it from its first
build on. No template and no page of the site leads to a file: they lead to the page.

    index.html                    the page (`page`)
    projets.csv .xlsx .json .geojson, projets-2024.csv …     the records (`files`)
    projets.table-schema.json, projets.json-schema.json      their columns and keys
    projets.correspondance.yml    the mapping that `laureat import table` reads the tables with
    catalogue.jsonld              the same list for programs, DCAT-AP 3 (`dcat`)
    inventaire.json               what lies there and what each file was made from (`inventory`)
"""
