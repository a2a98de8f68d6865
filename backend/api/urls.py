from django.urls import include, path

from backend.api.docs import NoSuchThing, SchemaView, docs

app_name = "api"
urlpatterns = [
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    path("v1/docs/", docs, name="docs"),
    path("v1/", include("backend.api.v1.urls")),
    path("<path:rest>", NoSuchThing.as_view(), name="unknown"),
]
