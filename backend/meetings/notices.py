"""What people hear about meetings and evenings. Subjects never carry a name, a place or a time."""
