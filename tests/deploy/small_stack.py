"""The real supervisor and servers with a tiny page: `python -m tests.deploy.small_stack demo --var ...`."""

import os
import socket
import sys

import psycopg

from deploy.stack import Stack, main


class SmallStack(Stack):
    def prepare(self) -> None:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS thing (name text)")
        print("servers", self.environment["DATABASE_URL"], self.environment["REDIS_URL"], flush=True)

    def start_pages(self, listener: socket.socket) -> None:
        for number in (1, 2):
            self.add_pages(number, "tests.deploy.hello:app", listener)

    def start_workers(self) -> None:
        if os.environ.get("WITH_A_CHILD_THAT_DIES"):
            self.add("worker", "-c", "raise SystemExit('no luck today')")


if __name__ == "__main__":
    sys.exit(main(kind=SmallStack))
