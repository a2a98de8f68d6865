from django.urls import path

from backend.web.notices import views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("seen/", views.seen, name="notices_seen"),
    path("counts/", views.counts, name="notices_counts"),
]
