"""One web process, which accepts from a socket that the supervisor holds: `python -m deploy.web APP FD`."""

import os
import socket
import sys

import uvicorn


def main(app: str, descriptor: int) -> None:
    config = uvicorn.Config(
        app,
        lifespan="off",  # Django knows none
        log_config=None,  # Django's settings set up logging
        access_log=False,  # addresses of people stay out of the logs
        server_header=False,
        proxy_headers=os.environ.get("BEHIND_PROXY", "").lower() in {"1", "true", "yes", "on"},
        timeout_graceful_shutdown=3,  # open sockets would otherwise hold up the end for good
        ws_max_size=65_536,  # the socket goes one way; nobody has much to say on it
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
