"""What each hears or agrees to before they first meet. Change the version with any sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.meetings.enums import Confirmed

VERSION = "2026-11"

TEXTS: Mapping[Confirmed, tuple[Promise, ...]] = {
    Confirmed.BRIEFING: (
        _("Mentoring means: two people meet, talk and help each other in everyday life."),
        _("You meet as equals. You both decide what you do together."),
        _("Mentoring is not advice on law or asylum, no therapy and no care."),
        _("A mentor gives no money and lends none. A mentor brings no one to a home or a job."),
        _("You can say no at any time. You can also stop. You need not say why."),
        _("You first meet in a public place. At home only when your coordinator agrees."),
        _("You are insured during the meetings and on the way. Tell us soon if something happens."),
        _("Do you feel unsafe or pushed? Tell your coordinator. We listen and we help."),
    ),
    Confirmed.AGREEMENT: (
        _("I come on time. If I cannot come, I say so early."),
        _("What we tell each other stays between us. I may always ask my coordinator for help."),
        _("I share no pictures and no names of the other person."),
        _("I respect faith, language, family and the decisions of the other person."),
        _("I ask for no money and give none."),
        _("When I no longer want to meet, I tell my coordinator."),
    ),
}
