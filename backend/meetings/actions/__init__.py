"""What happens in a mentoring: one verb, one transaction each."""
