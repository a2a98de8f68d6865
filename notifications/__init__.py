"""Who is told, by which path, and when. Use it through `notifications.api` only."""
