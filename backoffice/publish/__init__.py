"""Reading what will change, holding records back, publishing, taking a publication back."""
