"""The sign-in form: one field for whatever people know of themselves, and the password."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Credentials are {"login", "password"}; IdentifierBackend knows what a login may be."""

    password: forms.CharField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name, phone or e-mail"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=1024,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )

    def user_credentials(self) -> dict[str, str]:
        return {"login": self.cleaned_data["login"], "password": self.cleaned_data["password"]}
