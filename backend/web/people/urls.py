from django.urls import path

from backend.web.people import care, moving, steps, views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.person_new, name="person_new"),
    path("hand-over/", care.hand_over_mine, name="hand_over_mine"),
    path("handovers/<uuid:public_id>/", care.handover, name="handover"),
    path("<uuid:public_id>/", views.person, name="person"),
    path("<uuid:public_id>/edit/", views.person_edit, name="person_edit"),
    path("<uuid:public_id>/take-over/", care.take_over, name="person_take_over"),
    path("<uuid:public_id>/hand-over/", care.hand_over, name="person_hand_over"),
    path("<uuid:public_id>/contact/", steps.contact, name="person_contact"),
    path("<uuid:public_id>/contact/<uuid:contact_id>/made/", steps.call_made, name="person_call_made"),
    path("<uuid:public_id>/proof/", steps.clearance, name="person_clearance"),
    path("<uuid:public_id>/apart/", steps.restriction, name="person_restriction"),
    path(
        "<uuid:public_id>/apart/<uuid:restriction_id>/lift/",
        steps.restriction_lift,
        name="person_restriction_lift",
    ),
    path("<uuid:public_id>/household/", steps.household, name="person_household"),
    path("<uuid:public_id>/move/", moving.transfer, name="person_transfer"),
    path("<uuid:public_id>/enrol/", steps.enrol, name="person_enrol"),
    path("<uuid:public_id>/in/<uuid:enrolment_id>/talk/", steps.talk, name="person_talk"),
    path("<uuid:public_id>/in/<uuid:enrolment_id>/change/", steps.change, name="person_change"),
    path("<uuid:public_id>/in/<uuid:enrolment_id>/capacity/", steps.capacity, name="person_capacity"),
]
