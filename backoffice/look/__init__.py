"""The look of the town: its logo and the words above every page. Colours are fields of the instance."""
