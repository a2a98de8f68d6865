"""The embedded stack for one machine, its supervisor, and the container files."""
