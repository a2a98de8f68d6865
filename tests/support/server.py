"""The real application behind uvicorn on a free port, in the process of the test and on its database."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


@contextmanager
def serving() -> Iterator[str]:
    """Serve until the block ends; gives the address, such as http://127.0.0.1:40123."""
    # Imported once the settings of the tests are in force.
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

    from backend.config.asgi import application

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            ASGIStaticFilesHandler(application),
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
