"""Owners of ideas and contacts: their pages, consent, retention, export, erasure. No name ever enters the content."""
