from django.urls import path

from backend.web.meetings import beginning, views

app_name = "meetings"

urlpatterns = [
    path("new/<uuid:public_id>/", views.propose, name="propose"),
    path("before/<uuid:public_id>/<str:what>/", beginning.confirm, name="confirm"),
    path("go-on/<uuid:public_id>/", beginning.go_on, name="go_on"),
    path("told/<uuid:public_id>/<uuid:person>/", beginning.told, name="told"),
    path("home/<uuid:public_id>/", beginning.home, name="home"),
    path("home/<uuid:public_id>/revoke/", beginning.home_revoke, name="home_revoke"),
    path("<uuid:public_id>/move/", views.move, name="move"),
    path("<uuid:public_id>/arrange/", views.arrange, name="arrange"),
    path("<uuid:public_id>/answer/", views.answer, name="answer"),
    path("<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:public_id>/held/", views.held, name="held"),
    path("<uuid:public_id>/missed/", views.missed, name="missed"),
]
