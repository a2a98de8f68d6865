from django.urls import path

from backend.web.desk import by_hand, deciding, mentors, offers, release, views, what_if, why_not
from backend.web.shell.nav import count_with

app_name = "desk"

urlpatterns = [
    path("", views.suggestions, name="list"),
    path("run/<uuid:programme_id>/", views.run, name="run"),
    path("run/<uuid:programme_id>/state/", views.run_state, name="run_state"),
    path("unmatched/<uuid:programme_id>/", views.unmatched, name="unmatched"),
    path("mentors/<uuid:programme_id>/", mentors.mentors, name="mentors"),
    path("release/<uuid:programme_id>/", release.release, name="release"),
    path("release/<uuid:programme_id>/undo/", release.undo, name="release_undo"),
    path("by-hand/<uuid:programme_id>/", by_hand.by_hand, name="by_hand"),
    path("what-if/<uuid:programme_id>/", what_if.what_if, name="what_if"),
    path("what-if/answer/<uuid:public_id>/", what_if.answer, name="what_if_answer"),
    path("what-if/answer/<uuid:public_id>/keep/", what_if.keep, name="what_if_keep"),
    path("what-if/answer/<uuid:public_id>/throw-away/", what_if.throw_away, name="what_if_throw_away"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<uuid:public_id>/", offers.offer, name="offer"),
    path("offers/<uuid:public_id>/withdraw/", offers.withdraw, name="withdraw"),
    path("offers/<uuid:public_id>/extend/", offers.extend, name="extend"),
    path("offers/<uuid:public_id>/questions/<uuid:question_id>/", offers.answer, name="answer"),
    path("<uuid:public_id>/", views.suggestion, name="detail"),
    path("<uuid:public_id>/approve/", deciding.approve, name="approve"),
    path("<uuid:public_id>/decline/", deciding.decline, name="decline"),
    path("<uuid:public_id>/call-first/", deciding.call_first, name="call_first"),
    path("<uuid:public_id>/put-off/", deciding.put_off, name="put_off"),
    path("<uuid:public_id>/bring-back/", deciding.bring_back, name="bring_back"),
    path("<uuid:public_id>/stage/", deciding.stage, name="stage"),
    path("<uuid:public_id>/unstage/", deciding.unstage, name="unstage"),
    path("<uuid:public_id>/undo/", deciding.undo, name="undo"),
    path("<uuid:public_id>/comment/", deciding.comment, name="comment"),
    path("<uuid:public_id>/why-not/", why_not.why_not, name="why_not"),
]

count_with("desk:list", views.to_decide)
