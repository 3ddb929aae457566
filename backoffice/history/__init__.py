"""What happened to a record and to everything: told in sentences, compared, taken back."""
