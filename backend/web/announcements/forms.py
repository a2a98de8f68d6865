from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.messaging.announcements import LONGEST


class AnnouncementForm(forms.Form):
    """The words; whom they are for is ticked beside them."""

    text = forms.CharField(
        label=_("Your message"),
        help_text=_("Each person gets it alone and sees nobody else. Write plainly, up to 2,000 characters."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
