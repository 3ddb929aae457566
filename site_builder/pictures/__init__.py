"""Pictures of the content as visitors get them: small enough for an old phone, without what a camera wrote in them.

`making` turns the bytes of one picture into its files, `studio` keeps what was made by blob, `album` is what pages ask.
"""
