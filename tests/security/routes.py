"""Every address there is, read from the URLconf and the socket's routes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """`name` with its namespaces, as `reverse` takes it; `arguments` are the names of its parts."""

    name: str
    path: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]


def all_routes() -> list[Route]:
    return [*_walk(get_resolver().url_patterns, "", "")]


def socket_paths() -> list[str]:
    from backend.config.asgi import application

    inner = application.application_mapping["websocket"]
    while not hasattr(inner, "routes"):
        inner = inner.application
    return [str(route.pattern) for route in inner.routes]


def _walk(patterns: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            arguments = tuple(pattern.pattern.converters)
            name = f"{namespace}{pattern.name}" if pattern.name else ""
            yield Route(name, here, arguments, pattern.callback)
