"""Standard texts of the team, filled in with the words of a record: reasons of decisions, letters and messages."""
