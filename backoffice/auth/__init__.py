"""Signing in and out, with a second factor or without; choosing a password; one's own account."""
