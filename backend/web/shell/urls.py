from django.urls import path

from backend.web.shell.gallery import gallery
from backend.web.shell.preferences import preferences
from backend.web.shell.views import about, left, quick_exit, set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("exit/", quick_exit, name="quick_exit"),
    path("left/", left, name="left"),
    path("about/", about, name="about"),
    path("preferences/", preferences, name="preferences"),
    path("gallery/", gallery, name="gallery"),
]
