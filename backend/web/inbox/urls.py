from django.urls import path

from backend.messaging.queries import unread_messages
from backend.web.inbox import views
from backend.web.shell.nav import count_with

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("with/<uuid:pairing_id>/", views.of_pairing, name="conversation_of_pairing"),
    path("<uuid:public_id>/", views.conversation, name="conversation"),
    path("<uuid:public_id>/messages/", views.messages, name="conversation_messages"),
    path("<uuid:public_id>/read/", views.read, name="conversation_read"),
]

count_with("inbox", unread_messages)
