"""HTTP and the one-way socket behind one application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 (models load only after the line above)
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path  # noqa: E402

from backend.web.live import LiveConsumer  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        # Other origins are refused before anything is read.
        "websocket": AllowedHostsOriginValidator(URLRouter([path("live/", LiveConsumer.as_asgi())])),
    }
)
