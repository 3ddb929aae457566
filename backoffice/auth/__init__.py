"""Signing in and out, one's own account, and the accounts that an administrator looks after."""
