"""What a visit weighs: pages of the live site measured with all that they load, told on the page of eco-design."""
