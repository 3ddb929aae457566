"""Tables that come in and go out: what a file holds, its columns matched, its dry run, its import, its undoing."""
