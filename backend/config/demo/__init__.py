"""The living example: invented people in three small towns, the same ones at every seeding."""
