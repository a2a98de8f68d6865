"""What people hear about meetings, goals, expenses and evenings, by the part of a mentoring it belongs to."""

from backend.meetings.notices import beginning, lasting

__all__ = ["beginning", "lasting"]
