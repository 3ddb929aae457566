"""The expert's page: repository, remote, backup, health, work done and disk. The only page that says Git."""
