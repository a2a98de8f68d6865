"""What happens in a mentoring: how it begins, how it lasts, what is said when it ends."""

from backend.meetings.models.beginning import Confirmation, Evening, GoOn, Guest, HomeConsent, Liking
from backend.meetings.models.lasting import CheckIn, Evaluation, Expense, Goal, GoalStep
from backend.meetings.models.meetings import CalendarFeed, Meeting, MeetingEvent, MeetingPlace, MeetingReply

__all__ = [
    "CalendarFeed",
    "CheckIn",
    "Confirmation",
    "Evaluation",
    "Evening",
    "Expense",
    "GoOn",
    "Goal",
    "GoalStep",
    "Guest",
    "HomeConsent",
    "Liking",
    "Meeting",
    "MeetingEvent",
    "MeetingPlace",
    "MeetingReply",
]
