"""A browser's end of the socket, spoken straight to the ASGI application (channels' own needs daphne)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Page:
    """One open page. `cookie` is the value of the Cookie header, or ""."""

    def __init__(self, *, cookie: str = "", origin: str = "http://testserver") -> None:
        from backend.config.asgi import application  # once the settings of the tests are in force

        headers = [(b"host", b"testserver"), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
        self.wire = ApplicationCommunicator(
            application,
            {
                "type": "websocket",
                "path": "/live/",
                "query_string": b"",
                "headers": headers,
                "subprotocols": [],
            },
        )

    async def connect(self) -> bool:
        """Knock; whether the server accepted."""
        await self.wire.send_input({"type": "websocket.connect"})
        return bool((await self.wire.receive_output(5))["type"] == "websocket.accept")

    async def hear(self, within: float = 5) -> dict[str, Any]:
        """The next event. An end of the socket comes as {"closed": code}."""
        said = await self.wire.receive_output(within)
        return {"closed": said["code"]} if said["type"] == "websocket.close" else json.loads(said["text"])

    async def hears_nothing(self, during: float = 0.5) -> bool:
        return await self.wire.receive_nothing(during)

    async def speak(self, text: str) -> None:
        await self.wire.send_input({"type": "websocket.receive", "text": text})

    async def leave(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wire.wait(5)
