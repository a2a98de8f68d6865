from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.api.v1.announcements import Announcements
from backend.api.v1.check_ins import CheckIns
from backend.api.v1.clearances import Clearances
from backend.api.v1.conversations import Conversations
from backend.api.v1.enrolments import Enrolments
from backend.api.v1.evenings import Evenings
from backend.api.v1.expenses import Expenses
from backend.api.v1.goals import Goals
from backend.api.v1.handovers import Handovers
from backend.api.v1.me import Me
from backend.api.v1.meetings import Meetings, Places
from backend.api.v1.notices import Notices, NoticesSeen
from backend.api.v1.offers import Offers
from backend.api.v1.organisations import Organisations
from backend.api.v1.pairings import Pairings
from backend.api.v1.profiles import Profiles
from backend.api.v1.programmes import Programmes
from backend.api.v1.runs import Runs
from backend.api.v1.suggestions import Suggestions
from backend.api.v1.territories import Territories
from backend.api.v1.today import TodayLines
from backend.api.v1.transfers import Transfers
from backend.api.v1.what_ifs import WhatIfs

areas = SimpleRouter(use_regex_path=False)
areas.register("organisations", Organisations, "organisation")
areas.register("programmes", Programmes, "programme")
areas.register("profiles", Profiles, "profile")
areas.register("handovers", Handovers, "handover")
areas.register("announcements", Announcements, "announcement")
areas.register("enrolments", Enrolments, "enrolment")
areas.register("clearances", Clearances, "clearance")
areas.register("runs", Runs, "run")
areas.register("what-ifs", WhatIfs, "what-if")
areas.register("suggestions", Suggestions, "suggestion")
areas.register("offers", Offers, "offer")
areas.register("pairings", Pairings, "pairing")
areas.register("goals", Goals, "goal")
areas.register("check-ins", CheckIns, "check-in")
areas.register("expenses", Expenses, "expense")
areas.register("transfers", Transfers, "transfer")
areas.register("places", Places, "place")
areas.register("meetings", Meetings, "meeting")
areas.register("evenings", Evenings, "evening")
areas.register("conversations", Conversations, "conversation")

urlpatterns = [
    path("today/", TodayLines.as_view(), name="today"),
    path("me/", Me.as_view(), name="me"),
    path("territories/", Territories.as_view(), name="territories"),
    path("notices/", Notices.as_view(), name="notices"),
    path("notices/seen/", NoticesSeen.as_view(), name="notices-seen"),
    *areas.urls,
]
