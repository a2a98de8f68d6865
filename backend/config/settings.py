"""Settings, read from the environment. Nothing here is secret; what is missing is refused with a sentence."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from backend.config import logs
from backend.core import beat as core_beat
from backend.imports import beat as imports_beat
from backend.meetings import beat as meetings_beat
from backend.pairings import beat as pairings_beat
from backend.profiles import beat as profiles_beat
from notifications import beat as notifications_beat

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # shows the example sign-ins; never set it with real people


def needed(name: str, example: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment, for example {name}={example}"
        )
    return value


SECRET_KEY = needed("SECRET_KEY", "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')")
FIELD_KEYS = [k for k in needed("FIELD_KEYS", "a Fernet key; `make run` makes one").split(",") if k]
INDEX_KEY = env.str("INDEX_KEY", default="") or SECRET_KEY
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG or DEMO else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Name the hosts people use, for example ALLOWED_HOSTS=welcome.example.org"
    )
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "backend.config",
    "backend.core",
    "backend.territories",
    "backend.people",
    "backend.organisations",
    "backend.profiles",
    "backend.programmes",
    "backend.safeguarding",
    "backend.pairings",
    "backend.messaging",
    "backend.meetings",
    "backend.imports",
    "backend.web",
    "backend.api",
    "notifications",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "csp",
    "django_htmx",
    "template_partials",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backend.web.shell.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "backend.web.shell.middleware.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backend.web.shell.middleware.ExpectedErrorsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "backend.config.urls"
ASGI_APPLICATION = "backend.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backend.web.shell.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "backend.web.shell.forms.Renderer"

# --- data -----------------------------------------------------------------------------------------------
_database = env.db_url("DATABASE_URL", default="postgres:///softlanding")
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),  # host=/folder of a socket, sslmode
            # One pool per process; two uvicorn processes and a worker stay well below max_connections.
            "pool": {"min_size": 1, "max_size": env.int("DB_POOL", default=16), "timeout": 20},
            "options": "-c statement_timeout=30s -c idle_in_transaction_session_timeout=50s",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

CACHES = {
    # Shared by all processes, so a rate limit holds however many workers answer.
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
CHANNEL_LAYERS = {
    "default": {
        # The core layer delivered 226 of 8,000 events in one burst; this one all of them.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "symmetric_encryption_keys": [SECRET_KEY], "prefix": "softlanding"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Without the last three a send blocks for six seconds while Valkey is away.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Said here and not when Celery is ready: it asks before Django's models can be imported.
CELERY_BEAT_SCHEDULE = {
    **core_beat.BEAT,
    **imports_beat.BEAT,
    **meetings_beat.BEAT,
    **notifications_beat.BEAT,
    **pairings_beat.BEAT,
    **profiles_beat.BEAT,
}

# --- who is who -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # user names are unique without regard to case, by a constraint
AUTHENTICATION_BACKENDS = ["backend.people.signin.IdentifierBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "backend.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "backend.people.forms.SignInForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"use_slip": "20/m/ip", "join": "20/m/ip"}  # beside allauth's own, which count sign-ins
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "backend.people.sessions.SessionsAdapter"
MFA_ADAPTER = "backend.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Softlanding"
COUNTRY = env.str("COUNTRY", default="DE")  # of phone numbers written without a country code

SESSION_ENGINE = "backend.people.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # the proxy does it
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
# Only the proxy's own entry of X-Forwarded-For is believed; what a client wrote before it is not.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "connect-src": [SELF],
    }
}

# --- languages ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [ROOT / "backend" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["backend.config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# --- files, mail, logs ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Whitenoise's own list, and maps: only developer tools fetch them, yet they took half of the set-up's time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *[
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "zip",
        "gz",
        "tgz",
        "bz2",
        "tbz",
        "xz",
        "br",
        "woff",
        "woff2",
        "map",
    ]
]
MEDIA_ROOT = ROOT / "var" / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000

_mail = env.email_url("EMAIL_URL", default="consolemail://" if DEBUG or DEMO else "smtp://127.0.0.1:25")
vars().update(_mail)
EMAIL_TIMEOUT = 10  # a silent mail server must not hold the worker
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Softlanding <noreply@localhost>")
NOTIFICATIONS_DIRECTORY = "backend.config.directory.contacts"
NOTIFICATIONS_LINK = "backend.config.directory.link"
NOTIFICATIONS_NUDGE = "backend.core.live.nudge_bells"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": logs.FORMATTER},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
logs.configure()
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # opaque request ids only; who did what is in the audit log

# --- API ------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.parsers.SoundJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "backend.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["backend.api.throttling.PersonThrottle"],
    "EXCEPTION_HANDLER": "backend.api.errors.problem",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("Softlanding"),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # Fields of one name that mean different things get names of their own.
    "ENUM_NAME_OVERRIDES": {
        "OrganisationKind": "backend.organisations.enums.OrganisationKind",
        "ProgrammeKind": "backend.programmes.enums.ProgrammeKind",
        "RequirementKind": "backend.safeguarding.enums.RequirementKind",
        "EnrolmentState": "backend.programmes.enums.EnrolmentState",
        "RunState": "backend.pairings.enums.RunState",
        "WhatIfState": "backend.pairings.enums.WhatIfState",
        "SuggestionState": "backend.pairings.enums.SuggestionState",
        "OfferState": "backend.pairings.enums.OfferState",
        "PairingState": "backend.pairings.enums.PairingState",
        "MeetingKind": "backend.meetings.enums.MeetingKind",
        "MeetingState": "backend.meetings.enums.MeetingState",
        "GoalState": "backend.meetings.enums.GoalState",
        "ExpenseState": "backend.meetings.enums.ExpenseState",
        "TransferState": "backend.pairings.enums.TransferState",
        "EveningState": "backend.meetings.enums.EveningState",
        "Channel": "backend.people.enums.Channel",
        "Side": "backend.programmes.enums.Side",
        "Topic": "backend.profiles.enums.Topic",
    },
}
