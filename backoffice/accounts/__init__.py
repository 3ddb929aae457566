"""The accounts of the office as an administrator looks after them: invitations, roles, limits, lost access."""
