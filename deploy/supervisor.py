"""Children watched: started anew when they die, given up on when they keep dying, stopped together."""

import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.postgres import explain
from deploy.process import Refused, end, tail

TOO_OFTEN = 5  # deaths
WITHIN = 60.0  # seconds


@dataclass
class Service:
    """A child: how it is started and stopped, where it logs. `is_server` ones stop last."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop: Callable[[], None] | None = None
    is_server: bool = False
    child: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    start_again_at: float | None = None


class Supervisor:
    """Holds the services of one stack. Everything happens in the main thread, see `process.spawn`."""

    def __init__(self) -> None:
        self.services: list[Service] = []

    def add(self, service: Service) -> None:
        """Start `service` and watch it from now on."""
        self.services.append(service)
        service.child = service.start()

    def watch(self) -> None:
        """Look after the children until an exception ends it: a signal, or one that keeps dying."""
        reading, writing = socket.socketpair()
        reading.setblocking(False)
        writing.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # so that a death wakes the select
        previous = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        try:
            while True:
                select.select([reading], [], [], self.look())
                try:
                    reading.recv(4096)
                except BlockingIOError:
                    pass
        finally:
            signal.set_wakeup_fd(previous)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            reading.close()
            writing.close()

    def look(self) -> float | None:
        """Note deaths and start what is due; return the seconds until the next start, if any.

        Raises Refused with the last log lines of a child that died TOO_OFTEN.
        """
        now = time.monotonic()
        for service in self.services:
            child = service.child
            if service.start_again_at is None and child and child.poll() is not None:
                end(child)  # what is left of its group
                self._note_death(service, now, status=child.returncode)
            if service.start_again_at is not None and service.start_again_at <= now:
                service.start_again_at = None
                service.child = service.start()
        waits = [service.start_again_at - now for service in self.services if service.start_again_at]
        return max(0.0, min(waits)) if waits else None

    def stop(self) -> None:
        """Stop the product's processes side by side, then the servers they use."""
        for service in self.services:
            if service.stop is None and service.child and service.child.poll() is None:
                service.child.terminate()
        for service in sorted(self.services, key=lambda service: service.is_server):
            if service.stop:
                service.stop()
            elif service.child:
                end(service.child)

    def _note_death(self, service: Service, now: float, *, status: int) -> None:
        service.deaths = [at for at in service.deaths if at > now - WITHIN] + [now]
        said = tail(service.log)
        if len(service.deaths) >= TOO_OFTEN:
            raise Refused(explain(said, what=service.name, where=service.log))
        pause = 0.2 * 2 ** (len(service.deaths) - 1)
        service.start_again_at = now + pause
        print(
            f"{service.name} ended with {status}; started again in {pause:.1f} s, see {service.log}",
            flush=True,
        )
