"""Lists and forms of records, made from the declarations of their fields: finding, creating, changing, removing."""
