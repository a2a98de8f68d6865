"""What workers do for meetings."""
