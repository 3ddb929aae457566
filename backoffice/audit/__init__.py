"""The audit log apart from content: who signed in, exported, read people, changed roles; and its page."""
