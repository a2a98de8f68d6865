"""Every address. Who may open each is stated in tests/security/; a guard refuses a route without."""

from django.urls import include, path

from backend.config import health

urlpatterns = [
    path("healthz", health.process_lives, name="healthz"),
    path("readyz", health.is_ready, name="readyz"),
    path("", include("backend.web.shell.urls")),
    path("", include("backend.web.home.urls")),
    path("account/", include("backend.web.account.urls")),
    path("join/", include("backend.web.join.urls")),
    path("people/", include("backend.web.people.urls")),
    path("announcements/", include("backend.web.announcements.urls")),
    path("programmes/", include("backend.web.programmes.urls")),
    path("suggestions/", include("backend.web.desk.urls")),
    path("offers/", include("backend.web.offers.urls")),
    path("mentorings/", include("backend.web.mentorings.urls")),
    path("together/", include("backend.web.together.urls")),
    path("expenses/", include("backend.web.expenses.urls")),
    path("meetings/", include("backend.web.meetings.urls")),
    path("evenings/", include("backend.web.evenings.urls")),
    path("calendar/", include("backend.web.calendar.urls")),
    path("moves/", include("backend.web.transfers.urls")),
    path("conversations/", include("backend.web.inbox.urls")),
    path("notices/", include("backend.web.notices.urls")),
    path("organisation/", include("backend.web.organisation.urls")),
    path("organisation/", include("backend.web.places.urls")),
    path("import/", include("backend.web.imports.urls")),
    path("api/", include("backend.api.urls")),
]
