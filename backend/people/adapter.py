"""How django-allauth behaves here: nobody signs up through it, and its sentences are ours."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.core import crypto
from backend.people.sessions import end_session
from backend.people.signin import normal_login

WRONG_PASSWORD = _("The name and the password do not fit together. Check both and try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG_PASSWORD,
        "account_inactive": WRONG_PASSWORD,
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your password. Check it and try again."),
        "incorrect_password": _("This is not your password. Check it and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in through /join/, a slip or a colleague's invitation."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def logout(self, request: HttpRequest) -> None:
        end_session(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No greeting with a name: the screen may be seen by others."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices travel through `notifications`; allauth knows no address of ours."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Counted for login and address together: guessing from elsewhere locks nobody out.
        return f"{self.get_client_ip(request)}:{normal_login(credentials.get('login', ''))}"

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """The view limits the tries per person."""
        return user.check_password(password)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)
