"""The one text form of records: a reader (libyaml, types from the schema) and a writer (ruamel.yaml, comments kept)."""
