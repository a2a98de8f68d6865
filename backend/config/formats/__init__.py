"""Dates as Europeans write them; Django's own English is American."""
