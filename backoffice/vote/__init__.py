"""The office's side of the vote: the rule, polling places and count night, ballots of other tools, the count."""
