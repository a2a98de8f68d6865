"""What a pair scores: kinds of criteria, refusals, and all pairs of two pools in tiles."""
