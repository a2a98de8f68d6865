"""Which pairs to choose: exact within capacities, proved by prices, territory by territory."""
