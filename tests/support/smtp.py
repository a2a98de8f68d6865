"""A mail server that keeps what it is given: real SMTP on a free loopback port, nothing leaves the machine.

    with Sink() as sink:
        ...                                   # EMAIL_HOST = sink.host, EMAIL_PORT = sink.port
        assert [mail["To"] for mail in sink.mails] == ["bruno@example.org"]

`sink.answers["RCPT"] = "450 try later"` makes it answer so to every RCPT from then on.
"""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.server.sink.connections += 1
        self._say("220 sink")
        for raw in self.rfile:
            verb = raw.decode("ascii", "replace").strip().partition(" ")[0].upper()
            self._answer(verb)
            if verb == "QUIT":
                break

    def _answer(self, verb: str) -> None:
        if scripted := self.server.sink.answers.get(verb):
            self._say(scripted)
        elif verb == "DATA":
            self._say("354 go on")
            self.server.sink.keep(self._read_data())
            self._say("250 kept")
        elif verb == "QUIT":
            self._say("221 bye")
        else:
            self._say("250 ok" if verb in {"EHLO", "HELO", "MAIL", "RCPT", "RSET", "NOOP"} else "502 unknown")

    def _read_data(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line[1:] if line.startswith(b"..") else line for line in lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    sink: "Sink"


class Sink:
    """What arrived, in order, and how many connections brought it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.sink = self
        self.host, self.port = self._server.server_address[0], self._server.server_address[1]

    def keep(self, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.mails.append(mail)

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
