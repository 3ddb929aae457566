"""Places in forms: the point on the map, the zone it lies in, the address that is looked up when an agent asks."""
