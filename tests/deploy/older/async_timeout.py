"""What redis imports before Python 3.11.3, for a system Python used on packages of a newer one."""

from asyncio import timeout

__all__ = ["timeout"]
