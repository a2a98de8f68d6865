"""What takes long about the engine: whether its tests would notice, and whether they reach everything."""
