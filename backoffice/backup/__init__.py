"""Backup and restore: content with its history, registry and key as one file with a manifest and hashes."""
