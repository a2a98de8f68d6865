"""Who may open what: the one table. A route that is not in it fails the build.

Each row says who gets an answer to a GET and who to a POST; None: that method is refused (405). Whoever is
not named gets 404, or is asked to sign in. `forbidden` see the thing but may not do this: 403.
`of` names the thing of tests/security/world.py behind each part of the address; all are of Chloé's
organisation, so Dario and Emma appear only where a page lists what is their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.security.world import (
    AMINA,
    BOTH,
    BRUNO,
    CASE,
    CHLOE,
    COORDINATOR,
    EVERYONE,
    MONA,
    NADIA,
    NOBODY,
    NONE,
    OFFICE,
    OTHER_STAFF,
    SIGNED_IN,
    STAFF,
    Who,
)


@dataclass(frozen=True)
class Access:
    get: Who | None = None
    post: Who | None = None
    of: tuple[str, ...] = ()
    sends: Mapping[str, Any] = field(default_factory=dict)  # "@name" stands for a public id of the world
    forbidden: Who = NONE
    method: str = "post"
    why: str = ""  # for what a reader would not expect
    public: bool = False  # nobody needs to sign in here, though there is nothing for everyone
    closed: str = "hidden"  # what those hear who are not named: hidden is 404, forbidden 403
    moves_away: bool = False  # the answer ends the sign-in: the world's browsers are not used

    def of_(self, *things: str) -> "Access":
        return replace(self, of=things)

    def sending(self, **values: Any) -> "Access":
        return replace(self, sends=values)


def page(*who: Who, **more: Any) -> Access:
    """Something to read."""
    return Access(get=frozenset().union(*who), **more)


def form(*who: Who, **more: Any) -> Access:
    """A page with a form that is sent to the same address."""
    everybody = frozenset().union(*who)
    return Access(get=everybody, post=everybody, **more)


def act(*who: Who, **more: Any) -> Access:
    """Something to do, by POST alone."""
    return Access(post=frozenset().union(*who), **more)


ONCE = "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11"  # the id a page gives to what is made once
PUBLIC_PAGE, OWN_PAGE, OWN_FORM = page(EVERYONE), page(SIGNED_IN), form(SIGNED_IN)
OF_FACTOR = form(NONE, why="for those who have a second factor; here nobody has")
COORDINATORS: Who = COORDINATOR | OTHER_STAFF  # wherever they work
OF_AMINA: Who = CASE | {AMINA}

ACCESS: dict[str, Access] = {
    # health
    "healthz": PUBLIC_PAGE,
    "readyz": replace(PUBLIC_PAGE, why="says yes or no for each part, to whoever watches"),
    # shell
    "set_language": act(EVERYONE),
    "quick_exit": act(EVERYONE, moves_away=True),
    "left": PUBLIC_PAGE,
    "about": PUBLIC_PAGE,
    "preferences": act(EVERYONE),
    "gallery": page(NONE, public=True, why="for developers, in DEBUG alone"),
    # account
    "account_login": form(EVERYONE),
    "account_help": PUBLIC_PAGE,
    "account_logout": form(EVERYONE, moves_away=True),
    "account_inactive": PUBLIC_PAGE,
    "account_reauthenticate": OWN_FORM,
    "account_change_password": OWN_FORM,
    "account_set_password": OWN_FORM,
    "account_welcome": OWN_PAGE,
    "account": OWN_FORM,
    "account_consent": act(SIGNED_IN),
    "usersessions_list": OWN_FORM,
    "mfa_index": OWN_PAGE,
    "mfa_authenticate": form(SIGNED_IN, public=True, why="comes between the password and the sign-in"),
    "mfa_reauthenticate": OWN_FORM,
    "mfa_activate_totp": OWN_FORM,
    "mfa_deactivate_totp": OF_FACTOR,
    "mfa_view_recovery_codes": page(NONE, why=OF_FACTOR.why),
    "mfa_generate_recovery_codes": OWN_FORM,
    "mfa_download_recovery_codes": page(NONE, why=OF_FACTOR.why),
    "slip": form(EVERYONE),
    "slip_open": Access(get=EVERYONE, post=EVERYONE, of=("code",), moves_away=True),
    "slip_make": form(CASE, of=("nadia.person",)),
    # joining
    "join": form(EVERYONE),
    "join_resume": form(EVERYONE),
    "join_continue": PUBLIC_PAGE,
    "join_forget": act(EVERYONE),
    "join_sent": PUBLIC_PAGE,
    "join_status": OWN_PAGE,
    "join_step": form(EVERYONE, of=("step",)),
    # home
    "home": PUBLIC_PAGE,
    "mine": OWN_PAGE,
    "today": page(STAFF),
    # the desk
    "desk:list": page(STAFF),
    "desk:run": act(COORDINATOR, of=("programme",), forbidden=CASE),
    "desk:run_state": page(CASE, of=("programme",)),
    "desk:unmatched": page(CASE, of=("programme",)),
    "desk:by_hand": form(CASE, of=("programme",)),
    "desk:mentors": page(CASE, of=("programme",)),
    "desk:release": Access(get=CASE, post=COORDINATOR, of=("programme",), forbidden=CASE),
    "desk:release_undo": act(
        COORDINATOR, of=("programme",), sends={"at": "2026-11-21T09:00:00+00:00"}, forbidden=CASE
    ),
    "desk:offers": page(STAFF),
    "desk:offer": form(CASE, of=("open_offer",)),
    "desk:withdraw": act(COORDINATOR, of=("open_offer",), forbidden=CASE),
    # offers: more time, questions
    "desk:extend": act(COORDINATOR, of=("open_offer",), sends={"days": 14}, forbidden=CASE),
    "desk:answer": act(CASE, of=("open_offer", "question"), sends={"answer": "Six kilometres."}),
    "desk:detail": page(CASE, of=("suggestion",)),
    # what if
    "desk:what_if": form(CASE, of=("programme",)),
    "desk:what_if_answer": page(CASE, of=("what_if",)),
    "desk:what_if_keep": act(COORDINATOR, of=("what_if",), forbidden=CASE),
    "desk:what_if_throw_away": act(COORDINATOR, of=("what_if",), forbidden=CASE),
    "desk:why_not": form(CASE, of=("suggestion",)),
    "desk:approve": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:decline": act(COORDINATOR, of=("suggestion",), sends={"reason": "hours"}, forbidden=CASE),
    "desk:call_first": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:put_off": act(COORDINATOR, of=("suggestion",), sends={"comes_back": "7"}, forbidden=CASE),
    "desk:bring_back": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:stage": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:unstage": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:undo": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "desk:comment": act(
        CASE,
        of=("suggestion",),
        sends={"client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d12", "text": "Good idea"},
    ),
    # files of people
    "people": page(STAFF),
    "person_new": form(STAFF),
    "person": page(CASE, of=("amina.profile",)),
    "person_edit": form(CASE, of=("amina.profile",)),
    "person_contact": form(CASE, of=("amina.profile",)),
    "person_call_made": act(CASE, of=("amina.profile", "contact")),
    "person_clearance": form(CASE, of=("bruno.profile",)),
    "person_restriction": form(CASE, of=("amina.profile",)),
    "person_restriction_lift": act(COORDINATOR, of=("amina.profile", "restriction"), forbidden=CASE),
    "person_household": form(CASE, of=("amina.profile",)),
    "person_enrol": form(CASE, of=("amina.profile",)),
    "person_talk": form(CASE, of=("nadia.profile", "nadia.enrolment")),
    "person_change": act(CASE, of=("nadia.profile", "nadia.enrolment"), sends={"verb": "postpone"}),
    "person_capacity": act(CASE, of=("nadia.profile", "nadia.enrolment"), sends={"capacity": 5}),
    # who looks after whom, and the same words to many
    "person_take_over": act(CASE, of=("nadia.profile",)),
    "person_hand_over": form(CASE, of=("nadia.profile",)),
    "hand_over_mine": form(STAFF),
    "handover": page(CASE, of=("handover",)),
    "announcements": page(STAFF),
    "announcement_new": form(STAFF),
    "announcement": page(CASE, {AMINA}, of=("announcement",)),
    "programmes": page(STAFF),
    "programme_new": form({CHLOE, *OTHER_STAFF}, forbidden=CASE),
    "programme": page(CASE, of=("programme",)),
    "programme_edit": form(COORDINATOR, of=("programme",), forbidden=CASE),
    "programme_open": act(COORDINATOR, of=("programme",), forbidden=CASE),
    "programme_close": act(COORDINATOR, of=("programme",), forbidden=CASE),
    # one's own organisation
    "organisations": page(OFFICE, OTHER_STAFF),
    "organisation": page(OFFICE, of=("organisation",)),
    "organisation_change": form({MONA}, of=("organisation",), forbidden=OFFICE),
    "organisation_learning": act(
        COORDINATOR, {MONA}, of=("organisation",), sends={"learns": "on"}, forbidden=OFFICE
    ),
    "colleague_new": form({MONA}, of=("organisation",), forbidden=OFFICE),
    "colleague": form({MONA}, of=("organisation", "carl.person"), forbidden=OFFICE),
    "colleague_slip": form({MONA}, of=("organisation", "carl.person"), forbidden=OFFICE),
    "role_end": act({MONA}, of=("role",), forbidden=OFFICE),
    # imports, for those who coordinate
    "imports:start": form(COORDINATORS),
    "imports:export": act(COORDINATOR, sends={"programme": "@programme"}),
    "imports:batch": page(COORDINATOR, of=("batch",)),
    "imports:mapping": form(COORDINATOR, of=("batch",)),
    "imports:rows": form(COORDINATOR, of=("batch",)),
    "imports:commit": form(COORDINATOR, of=("batch",)),
    "imports:done": page(COORDINATOR, of=("batch",)),
    "imports:discard": act(COORDINATOR, of=("batch",)),
    # offers to oneself
    "offers:detail": page(
        {BRUNO}, CASE, of=("open_offer",), why="Amina is asked second; staff are led to their page"
    ),
    "offers:accept": act({BRUNO}, of=("open_offer",), forbidden=CASE),
    "offers:decline": act({BRUNO}, of=("open_offer",), sends={"reason": "time"}, forbidden=CASE),
    "offers:ask": act({BRUNO}, of=("open_offer",), sends={"text": "Is it far?"}, forbidden=CASE),
    # mentorings
    "mentorings:list": page(STAFF),
    "mentorings:detail": page(CASE, of=("pairing",)),
    "mentorings:end": act(CASE, of=("pairing",), sends={"reason": "plan"}),
    "mentorings:pause": act(CASE, of=("pairing",)),
    "mentorings:resume": act(CASE, of=("pairing",)),
    "together:page": page(BOTH, of=("pairing",)),
    # while a mentoring lasts
    "together:met": act(BOTH, of=("pairing",), sends={"day": "today", "minutes": 60, "client_id": ONCE}),
    "together:take_back": act(NONE, of=("pairing", "held"), forbidden=BOTH, why="Chloé noted it"),
    "together:elsewhere": act(BOTH, of=("pairing",), sends={"elsewhere": "on"}),
    "together:month": form(BOTH, of=("pairing",), sends={"month": "2026-11", "client_id": ONCE}),
    "together:goal_new": act(
        {AMINA}, of=("pairing",), sends={"text": "Swim", "client_id": ONCE}, forbidden=BOTH
    ),
    "together:goal": act({AMINA}, of=("pairing", "goal"), sends={"verb": "reach"}, forbidden=BOTH),
    "together:step": act(BOTH, of=("pairing", "goal", "goal_step"), sends={"done": "on"}),
    "together:ask_pause": act(BOTH, of=("pairing",), sends={"reason": "time"}),
    "together:expenses": form(BOTH, of=("pairing",)),
    "mentorings:met": act(CASE, of=("pairing",), sends={"day": "today", "minutes": 60, "client_id": ONCE}),
    "mentorings:take_back": act(NONE, of=("pairing", "held"), forbidden=CASE, why="a day is over"),
    "mentorings:elsewhere": act(CASE, of=("pairing",), sends={"elsewhere": "on"}),
    "mentorings:goal_new": act(CASE, of=("pairing",), sends={"text": "Swim", "client_id": ONCE}),
    "mentorings:goal": act(CASE, of=("pairing", "goal"), sends={"verb": "reach"}),
    "mentorings:step": act(CASE, of=("pairing", "goal", "goal_step"), sends={"done": "on"}),
    "mentorings:check_in": act(
        CASE,
        of=("pairing",),
        sends={"on": "2026-11-21", "person": "both", "channel": "phone", "mood": "good", "client_id": ONCE},
    ),
    "expenses:list": page(STAFF),
    "expenses:receipt": page(CASE, {BRUNO}, of=("expense_sent",), why="Bruno paid; Amina does not see it"),
    "expenses:approve": act(COORDINATOR, of=("expense_sent",), forbidden=CASE),
    "expenses:refuse": act(COORDINATOR, of=("expense_sent",), sends={"why": "No"}, forbidden=CASE),
    "expenses:hand_on": act(CASE, of=("organisation",), sends={"format": "csv"}, why="asks to sign in again"),
    "expenses:list_again": act(CASE, of=("expense",), sends={"format": "csv"}, why="asks to sign in again"),
    # meetings, places and evenings
    "meetings:propose": form(BOTH, CASE, of=("pairing",)),
    "meetings:confirm": Access(
        get=BOTH | CASE,
        post=BOTH,
        of=("pairing", "briefing"),
        forbidden=CASE,
        why="staff note what they hear",
    ),
    "meetings:go_on": act(BOTH, of=("pairing",), sends={"answer": "yes"}, forbidden=CASE),
    "meetings:told": form(CASE, of=("pairing", "amina.person")),
    "meetings:home": form(COORDINATOR, of=("pairing",)),
    "meetings:home_revoke": act(COORDINATOR, of=("pairing",), forbidden=CASE),
    "meetings:move": form(BOTH, CASE, of=("meeting",)),
    "meetings:arrange": form(CASE, of=("meeting",)),
    "meetings:answer": act(BOTH, of=("meeting",), sends={"suits": "yes", "sequence": 0}, forbidden=CASE),
    "meetings:cancel": act(BOTH, CASE, of=("meeting",)),
    "meetings:held": act(BOTH, CASE, of=("meeting",)),
    "meetings:missed": act(BOTH, CASE, of=("meeting",)),
    "places:list": Access(get=OFFICE, post=COORDINATOR, of=("organisation",)),
    "places:change": form(COORDINATOR, of=("organisation", "place")),
    "places:close": act(COORDINATOR, of=("organisation", "place")),
    "evenings:list": page(STAFF),
    "evenings:new": form(COORDINATOR, of=("programme",)),
    "evenings:detail": page(CASE, {NADIA}, of=("evening",)),
    "evenings:invite": form(COORDINATOR, of=("evening",)),
    "evenings:came": act(CASE, of=("evening",), sends={"came": "@nadia.enrolment"}),
    "evenings:cancel": act(COORDINATOR, of=("evening",)),
    "evenings:likings": act({NADIA}, of=("evening",), forbidden=CASE),
    "calendar:mine": OWN_FORM,
    "calendar:revoke": act(SIGNED_IN),
    "calendar:meeting": page(BOTH, CASE, of=("meeting",)),
    "calendar:evening": page(CASE, {NADIA}, of=("evening",)),
    "calendar:feed": page(EVERYONE, of=("feed_key",), why="a calendar has no sign-in; the key is the secret"),
    # ending
    "mentorings:join": form(CASE, of=("pairing",)),
    "mentorings:leave": form(CASE, of=("pairing", "bruno.enrolment"), sends={"reason": "work"}),
    "mentorings:stand_in": form(CASE, of=("pairing", "bruno.enrolment")),
    "mentorings:evaluation": form(CASE, of=("ended_pairing", "nadia.enrolment")),
    "mentorings:thanks": page(CASE, of=("ended_pairing", "nadia.enrolment")),
    "together:ask_to_end": act(BOTH, of=("pairing",)),
    "together:evaluation": form({NADIA}, of=("ended_pairing",), sends={"match": "5", "programme": "4"}),
    "together:thanks": page({NADIA}, of=("ended_pairing",)),
    # moving to another organisation
    "person_transfer": form(CASE, of=("bruno.profile",)),
    "transfers:list": page(STAFF),
    "transfers:page": page(OF_AMINA, of=("transfer",), why="nobody there sees it before her yes"),
    "transfers:agree": act(OF_AMINA, of=("transfer",), sends={"channel": "phone"}),
    "transfers:refuse": act(OF_AMINA, of=("transfer",), sends={"channel": "phone"}),
    "transfers:withdraw": act(OF_AMINA, of=("transfer",)),
    "transfers:take": act(NONE, of=("transfer",), forbidden=CASE),
    # conversations and notices
    "inbox": OWN_PAGE,
    "conversation_of_pairing": page(BOTH, CASE, of=("pairing",), why="leads staff to the offer"),
    "conversation": page(BOTH, of=("conversation",)),
    "conversation_messages": form(
        BOTH,
        of=("conversation",),
        sends={"body": "Yes", "client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11"},
    ),
    "conversation_read": act(BOTH, of=("conversation",), sends={"up_to": 1}),
    "notices": OWN_PAGE,
    "notices_seen": act(SIGNED_IN, sends={"up_to": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11"}),
    "notices_counts": OWN_PAGE,
    # API
    "api:schema": OWN_PAGE,
    "api:docs": OWN_PAGE,
    "api:unknown": Access(get=NONE, post=NONE, of=("nothing",)),
    "api:me": Access(get=SIGNED_IN, post=SIGNED_IN, method="patch"),
    "api:territories": page(SIGNED_IN, sends={"q": "Roding"}),
    "api:notices": OWN_PAGE,
    "api:notices-seen": act(SIGNED_IN, sends={"up_to": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11"}),
    "api:organisation-list": OWN_PAGE,
    "api:organisation-detail": Access(
        get=OFFICE,
        post=COORDINATOR | {MONA},
        of=("organisation",),
        sends={"learns": True},
        forbidden=OFFICE,
        method="patch",
    ),
    "api:programme-list": Access(
        get=SIGNED_IN,
        post=COORDINATOR | {MONA},
        sends={"organisation": "@organisation", "name": "New"},
        forbidden=OFFICE,
    ),
    "api:programme-detail": Access(
        get=OFFICE,
        post=COORDINATOR | {MONA},
        of=("programme",),
        sends={"offer_days": 9},
        forbidden=OFFICE,
        method="patch",
    ),
    "api:programme-open": act(COORDINATOR, {MONA}, of=("programme",), forbidden=OFFICE),
    "api:programme-close": act(COORDINATOR, {MONA}, of=("programme",), forbidden=OFFICE),
    "api:profile-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={"organisation": "@organisation", "full_name": "New Person"},
        forbidden=OFFICE,
    ),
    "api:profile-detail": Access(
        get=OF_AMINA, post=OF_AMINA, of=("amina.profile",), sends={"reach_km": 5}, method="patch"
    ),
    "api:profile-take-over": act(CASE, of=("nadia.profile",), forbidden=frozenset({NADIA})),
    "api:today": page(STAFF),
    "api:handover-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={"profiles": ["@nadia.profile"], "from_person": None, "to_person": "@carl.person"},
    ),
    "api:handover-detail": page(CASE, of=("handover",)),
    "api:announcement-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={
            "client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11",
            "organisation": "@organisation",
            "profiles": ["@amina.profile"],
            "text": "We move on Monday.",
        },
    ),
    "api:announcement-detail": page(CASE, {AMINA}, of=("announcement",)),
    "api:announcement-read": act(CASE, {AMINA}, of=("announcement",)),
    "api:enrolment-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={"profile": "@nadia.profile", "programme": "@programme", "side": "mentor"},
    ),
    "api:enrolment-detail": page(OF_AMINA, of=("amina.enrolment",)),
    "api:enrolment-capacity": act(OF_AMINA, of=("amina.enrolment",), sends={"capacity": 5}),
    "api:enrolment-end": act(OF_AMINA, of=("amina.enrolment",)),
    "api:enrolment-pause": act(CASE, {BRUNO}, of=("bruno.enrolment",)),
    "api:enrolment-resume": act(CASE, {BRUNO}, of=("bruno.enrolment",)),
    "api:enrolment-postpone": act(CASE, {NADIA}, of=("nadia.enrolment",)),
    "api:enrolment-refer": act(CASE, of=("nadia.enrolment",), forbidden=frozenset({NADIA})),
    "api:enrolment-talk": act(
        CASE,
        of=("nadia.enrolment",),
        sends={
            "held_on": "2026-11-01",
            "channel": "in_person",
            "mentoring_understood": True,
            "avoid_asked": True,
            "consent_given": True,
        },
        forbidden=frozenset({NADIA}),
    ),
    # meetings, places and evenings
    "api:place-list": Access(
        get=SIGNED_IN,
        post=COORDINATOR,
        sends={"organisation": "@organisation", "name": "Café", "address": "Bridge 1"},
        forbidden=OFFICE,
    ),
    "api:place-detail": page(OFFICE, of=("place",)),
    "api:place-change": act(
        COORDINATOR, of=("place",), sends={"name": "Library", "address": "x"}, forbidden=OFFICE
    ),
    "api:place-close": act(COORDINATOR, of=("place",), forbidden=OFFICE),
    "api:meeting-list": Access(
        get=SIGNED_IN,
        post=BOTH | CASE,
        sends={
            "pairing": "@pairing",
            "starts_at": "2027-02-01T17:00:00Z",
            "place": "@place",
            "client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11",
        },
    ),
    "api:meeting-detail": page(BOTH, CASE, of=("meeting",)),
    "api:meeting-answer": act(BOTH, of=("meeting",), sends={"suits": True, "sequence": 0}, forbidden=CASE),
    "api:meeting-move": act(
        BOTH,
        CASE,
        of=("meeting",),
        sends={"starts_at": "2027-02-01T17:00:00Z", "place": "@place", "sequence": 0},
    ),
    "api:meeting-arrange": act(CASE, of=("meeting",), sends={"hosted_by": "@carl.person"}, forbidden=BOTH),
    "api:meeting-cancel": act(BOTH, CASE, of=("meeting",)),
    "api:meeting-hold": act(BOTH, CASE, of=("meeting",)),
    "api:meeting-miss": act(BOTH, CASE, of=("meeting",)),
    "api:evening-list": Access(
        get=SIGNED_IN,
        post=COORDINATOR,
        sends={
            "programme": "@programme",
            "place": "@place",
            "starts_at": "2027-02-01T17:00:00Z",
            "client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11",
        },
        forbidden=OFFICE,
    ),
    "api:evening-detail": page(CASE, {NADIA}, of=("evening",)),
    "api:evening-invite": act(
        COORDINATOR, of=("evening",), sends={"enrolments": []}, forbidden=CASE | {NADIA}
    ),
    "api:evening-hold": act(CASE, of=("evening",), sends={"enrolments": []}, forbidden=frozenset({NADIA})),
    "api:evening-likings": act({NADIA}, of=("evening",), sends={"enrolments": []}, forbidden=CASE),
    "api:evening-cancel": act(COORDINATOR, of=("evening",), forbidden=CASE | {NADIA}),
    "api:pairing-beginning": page(BOTH, CASE, of=("pairing",)),
    "api:pairing-confirm": act(
        BOTH, of=("pairing",), sends={"what": "briefing", "language": "en"}, forbidden=CASE
    ),
    "api:pairing-go-on": act(BOTH, of=("pairing",), sends={"answer": "yes"}, forbidden=CASE),
    "api:pairing-allow-home": act(
        COORDINATOR,
        of=("pairing",),
        sends={"adults": ["Ute"], "each_is_cleared": True},
        forbidden=BOTH | CASE,
    ),
    "api:pairing-revoke-home": act(COORDINATOR, of=("pairing",), forbidden=BOTH | CASE),
    "api:clearance-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={"profile": "@bruno.profile", "kind": "training", "seen_on": "2026-11-01"},
        forbidden=frozenset({BRUNO}),
    ),
    "api:clearance-detail": page(CASE, {BRUNO}, of=("clearance",)),
    "api:run-list": Access(
        get=SIGNED_IN, post=COORDINATOR, sends={"programme": "@programme"}, forbidden=OFFICE
    ),
    "api:run-detail": page(CASE, of=("run",)),
    "api:programme-what-ifs": act(
        COORDINATOR,
        of=("programme",),
        sends={"client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11", "weights": {"topics": 5}},
        forbidden=OFFICE,
    ),
    "api:what-if-list": OWN_PAGE,
    "api:what-if-detail": page(CASE, of=("what_if",)),
    "api:what-if-keep": act(COORDINATOR, of=("what_if",), forbidden=CASE),
    "api:what-if-throw-away": act(COORDINATOR, of=("what_if",), forbidden=CASE),
    "api:suggestion-list": Access(
        get=SIGNED_IN,
        post=COORDINATOR,
        sends={"mentor": "@mentor_of_nadia", "newcomer": "@nadia.enrolment"},
        forbidden=CASE,
    ),
    "api:suggestion-detail": page(CASE, of=("suggestion",)),
    "api:suggestion-approve": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-decline": act(COORDINATOR, of=("suggestion",), sends={"reason": "hours"}, forbidden=CASE),
    "api:suggestion-stage": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-unstage": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-call-first": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-put-off": act(
        COORDINATOR, of=("suggestion",), sends={"until": "2099-01-01"}, forbidden=CASE
    ),
    "api:suggestion-bring-back": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-undo": act(COORDINATOR, of=("suggestion",), forbidden=CASE),
    "api:suggestion-comments": form(
        CASE,
        of=("suggestion",),
        sends={"client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d13", "text": "Good idea"},
    ),
    "api:programme-release": act(COORDINATOR, of=("programme",), forbidden=OFFICE),
    "api:programme-undo-release": act(
        COORDINATOR,
        of=("programme",),
        sends={"released_at": "2026-11-21T09:00:00Z"},
        forbidden=OFFICE,
    ),
    "api:offer-list": OWN_PAGE,
    "api:offer-detail": page(CASE, {BRUNO}, of=("open_offer",), why="Amina is asked second"),
    "api:offer-accept": act({BRUNO}, of=("open_offer",), forbidden=CASE),
    "api:offer-decline": act({BRUNO}, of=("open_offer",), sends={"reason": "time"}, forbidden=CASE),
    "api:offer-ask": act({BRUNO}, of=("open_offer",), sends={"text": "Is it far?"}, forbidden=CASE),
    "api:offer-answer": act(
        CASE,
        of=("open_offer",),
        sends={"question": "@question", "answer": "Six kilometres."},
        forbidden=frozenset({BRUNO}),
    ),
    "api:offer-extend": act(COORDINATOR, of=("open_offer",), sends={"days": 14}, forbidden=CASE | {BRUNO}),
    "api:offer-withdraw": act(COORDINATOR, of=("open_offer",), forbidden=CASE | {BRUNO}),
    "api:pairing-list": OWN_PAGE,
    "api:pairing-detail": page(CASE, BOTH, of=("pairing",)),
    "api:pairing-end": act(CASE, of=("pairing",), sends={"reason": "plan"}, forbidden=BOTH),
    "api:pairing-pause": act(CASE, of=("pairing",), forbidden=BOTH),
    "api:pairing-resume": act(CASE, of=("pairing",), forbidden=BOTH),
    "api:pairing-met": act(
        CASE, BOTH, of=("pairing",), sends={"on": "2026-11-21", "minutes": 60, "client_id": ONCE}
    ),
    "api:pairing-met-in-month": act(
        CASE, BOTH, of=("pairing",), sends={"month": "2026-11", "client_id": ONCE}
    ),
    "api:pairing-take-back-meeting": act(
        NONE, of=("pairing",), sends={"meeting": "@held"}, forbidden=CASE | BOTH, why="a day is over"
    ),
    "api:pairing-elsewhere": act(CASE, BOTH, of=("pairing",), sends={"elsewhere": True}),
    "api:pairing-ask-pause": act(BOTH, of=("pairing",), sends={"reason": "time"}, forbidden=CASE),
    "api:goal-list": Access(
        get=SIGNED_IN,
        post=OF_AMINA,
        sends={"pairing": "@pairing", "text": "Swim", "client_id": ONCE},
        forbidden=frozenset({BRUNO}),
    ),
    "api:goal-detail": page(CASE, BOTH, of=("goal",)),
    "api:goal-reword": act(OF_AMINA, of=("goal",), sends={"text": "Swim well"}, forbidden=BOTH),
    "api:goal-reach": act(OF_AMINA, of=("goal",), forbidden=BOTH),
    "api:goal-drop": act(OF_AMINA, of=("goal",), forbidden=BOTH),
    "api:goal-reopen": act(OF_AMINA, of=("goal",), forbidden=BOTH),
    "api:goal-add-step": act(
        OF_AMINA, of=("goal",), sends={"text": "Buy a cap", "client_id": ONCE}, forbidden=BOTH
    ),
    "api:goal-tick": act(CASE, BOTH, of=("goal",), sends={"step": "@goal_step", "done": True}),
    "api:check-in-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={
            "pairing": "@pairing",
            "on": "2026-11-21",
            "channel": "phone",
            "mood": "good",
            "client_id": ONCE,
        },
        forbidden=BOTH,
    ),
    "api:check-in-detail": page(CASE, of=("check_in",)),
    "api:expense-list": Access(
        get=SIGNED_IN, post=SIGNED_IN, why="without a photo nobody gets as far as who they are"
    ),
    "api:expense-detail": page(CASE, {BRUNO}, of=("expense_sent",)),
    "api:expense-receipt": page(CASE, {BRUNO}, of=("expense_sent",)),
    "api:expense-approve": act(COORDINATOR, of=("expense_sent",), forbidden=CASE | {BRUNO}),
    "api:expense-refuse": act(
        COORDINATOR, of=("expense_sent",), sends={"why": "No"}, forbidden=CASE | {BRUNO}
    ),
    "api:pairing-ask-to-end": act(BOTH, of=("pairing",), forbidden=CASE),
    "api:pairing-join": act(
        CASE,
        of=("pairing",),
        sends={
            "enrolment": "@nadia.enrolment",
            "told": {"channel": "phone"},
            "others_told": {"channel": "phone"},
        },
        forbidden=BOTH,
    ),
    "api:pairing-leave": act(
        CASE, of=("pairing",), sends={"leaving": "@bruno.enrolment", "reason": "work"}, forbidden=BOTH
    ),
    "api:pairing-stand-in": act(
        CASE,
        of=("pairing",),
        sends={
            "leaving": "@bruno.enrolment",
            "enrolment": "@mentor_of_nadia",
            "reason": "work",
            "told": {"channel": "phone"},
            "others_told": {"channel": "phone"},
        },
        forbidden=BOTH,
    ),
    "api:pairing-evaluate": act(BOTH, of=("pairing",), sends={"match": 5, "programme": 4}, forbidden=CASE),
    "api:transfer-list": Access(
        get=SIGNED_IN,
        post=CASE,
        sends={"profile": "@bruno.profile", "to_organisation": "@amina_elsewhere_office"},
    ),
    "api:transfer-detail": page(OF_AMINA, of=("transfer",)),
    "api:transfer-agree": act({AMINA}, of=("transfer",), forbidden=CASE),
    "api:transfer-refuse": act({AMINA}, of=("transfer",), forbidden=CASE),
    "api:transfer-withdraw": act(OF_AMINA, of=("transfer",)),
    "api:transfer-take": act(NONE, of=("transfer",), forbidden=OF_AMINA),
    "api:conversation-list": OWN_PAGE,
    "api:conversation-detail": page(BOTH, of=("conversation",)),
    "api:conversation-messages": form(
        BOTH,
        of=("conversation",),
        sends={"body": "Yes", "client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11"},
    ),
    "api:conversation-read": act(BOTH, of=("conversation",), sends={"up_to": 1}),
}

# The socket carries to each person what is their own; tests/web/test_live.py proves who is let in.
SOCKETS = {"live/": SIGNED_IN}

# Open to people who are not signed in. Reviewed: nothing on these tells of a person.
PUBLIC = {
    name
    for name, access in ACCESS.items()
    if access.public or NOBODY in (access.get or NONE) | (access.post or NONE)
}
