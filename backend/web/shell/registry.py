"""Which components exist, and which props each one takes.

A component is a template of `templates/components/` that sees its props and nothing else of the page, apart
from the request and the CSRF token. Props are declared, so a misspelt one is refused, with the known ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from django.forms.utils import flatatt
from django.utils.safestring import SafeString

Props: TypeAlias = dict[str, Any]

# Props that begin so become attributes of the element: hx_get="…" is written hx-get="…".
ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")


class ComponentError(TypeError):
    """A page uses a component in a way its declaration does not know; the text lists what is known."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A prop with few allowed values; the first is the default."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """The declaration of one component."""

    name: str
    required: tuple[str, ...]
    optional: Mapping[str, Any] = field(default_factory=dict)
    has_body: bool = False
    takes_attributes: bool = False
    prepare: Callable[[Props], Props] | None = None

    @property
    def template_name(self) -> str:
        return f"components/{self.name}.html"

    def context(self, given: Props) -> Props:
        """Give the props the template sees: all declared ones, defaults filled in, and `attrs`."""
        attributes = {key: given.pop(key) for key in list(given) if key.startswith(ATTRIBUTE_PREFIXES)}
        if attributes and not self.takes_attributes:
            self._refuse("takes no attributes such as", sorted(attributes))
        known = {*self.required, *self.optional}
        if unknown := sorted(given.keys() - known):
            self._refuse("does not know", unknown)
        if missing := sorted(set(self.required) - given.keys()):
            self._refuse("needs", missing)
        props = {name: self._value(name, given) for name in known}
        if self.takes_attributes:
            props["attrs"] = attribute_text(attributes)
        return props | (self.prepare(props) if self.prepare else {})

    def _value(self, name: str, given: Props) -> Any:
        declared = self.optional.get(name)
        if not isinstance(declared, OneOf):
            return given.get(name, declared)
        value = given.get(name) or declared.values[0]
        if value not in declared.values:
            self._refuse(f"knows for {name} only {', '.join(declared.values)}, not", [str(value)])
        return value

    def _refuse(self, verb: str, names: list[str]) -> NoReturn:
        known = ", ".join(sorted({*self.required, *self.optional}))
        raise ComponentError(
            f"Component “{self.name}” {verb} {', '.join(names)}. Its props: {known or 'none'}."
        )


def attribute_text(attributes: Props) -> SafeString:
    """Write props as escaped HTML attributes, underscores as hyphens; empty ones are left out."""
    given = {key.replace("_", "-"): value for key, value in attributes.items()}
    return flatatt({key: value for key, value in given.items() if value not in (None, "", False)})


_components: dict[str, Component] = {}


def declare(
    name: str,
    /,
    *required: str,
    body: bool = False,
    attributes: bool = False,
    prepare: Callable[[Props], Props] | None = None,
    **optional: Any,
) -> None:
    """Make a component known under `name`; an optional prop is given with its default."""
    _components[name] = Component(name, required, optional, body, attributes, prepare)


def one_of(*values: str) -> OneOf:
    return OneOf(values)


def component(name: str) -> Component:
    """Find a declared component. Raises ComponentError, listing all, where there is none."""
    try:
        return _components[name]
    except KeyError:
        known = ", ".join(sorted(_components))
        raise ComponentError(f"There is no component “{name}”. Known: {known}.") from None


def all_components() -> list[Component]:
    return [_components[name] for name in sorted(_components)]
