"""A container's question to itself: `python -m deploy.health web|worker|valkey`."""

import http.client
import os
import subprocess
import sys

import redis


def web() -> bool:
    """The process answers for the host it serves."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == 200


def worker() -> bool:
    """The worker of this container answers a ping through Valkey."""
    name = f"celery@{os.uname().nodename}"
    command = ["celery", "-A", "backend.config.celery", "inspect", "ping", "-d", name]
    return subprocess.run(command, capture_output=True, timeout=18).returncode == 0


def valkey() -> bool:
    return bool(redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=4).ping())


if __name__ == "__main__":
    checks = {"web": web, "worker": worker, "valkey": valkey}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
