from django.urls import path

from backend.web.shell.gallery import gallery
from backend.web.shell.views import left, quick_exit

urlpatterns = [
    path("leave/", quick_exit, name="quick_exit"),
    path("left/", left, name="left"),
    path("gallery/", gallery, name="gallery"),
]
