"""Template tags of the design system: `{% icon %}`, `{% c %}`, `{% wrap %}…{% endwrap %}`, `{% link %}`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

import backend.web.shell.components  # noqa: F401  (declares every component)
from backend.web.shell.nav import url_if_any
from backend.web.shell.registry import ComponentError, component

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
# Icons that point along the line of text, and the question mark, which Arabic and Persian write mirrored.
MIRRORED = {"back", "chevron", "exit", "help", "send"}
# What a component may read of the page beside its props.
PAGE_NAMES = ("request", "csrf_token", "shell")


@cache
def icon_shape(name: str) -> SafeString:
    """Read the drawing of an icon. Raises ComponentError, listing the icons, where there is none."""
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in ICONS.glob("*.svg")))
        raise ComponentError(f"There is no icon “{name}”. Known: {known}.")
    return mark_safe(re.sub(r"^<svg[^>]*>|</svg>\s*$", "", path.read_text()))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon that assistive technology skips: a word always stands beside it."""
    classes = "icon" + (" icon-flip" if name in MIRRORED else "") + (f" icon-{size}" if size else "")
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, icon_shape(name)
    )


@register.simple_tag(takes_context=True)
def c(context: Context, component_name: str, **props: Any) -> SafeString:
    """Draw a component: `{% c "badge" label=text tone="good" %}`."""
    return _draw(context, component_name, props)


@register.simple_block_tag(takes_context=True, end_name="endwrap")
def wrap(context: Context, content: SafeString, component_name: str, **props: Any) -> SafeString:
    """Draw a component around what stands inside: `{% wrap "card" title=text %}…{% endwrap %}`."""
    if not component(component_name).has_body:
        raise ComponentError(f"Component “{component_name}” holds nothing: write {{% c … %}} instead.")
    return _draw(context, component_name, props, content)


@register.filter
def tone(level: str) -> str:
    """Give the tone of a message of django.contrib.messages."""
    return {"success": "good", "warning": "look", "error": "danger"}.get(level, "action")


@register.simple_tag
def new_id() -> str:
    """An id for a form that makes something: sent twice, it makes one thing."""
    return str(uuid4())


@register.simple_tag
def link(url_name: str, *args: Any, **kwargs: Any) -> str:
    """Give the address of a page, or nothing while that page does not exist."""
    return url_if_any(url_name, *args, **kwargs)


def _draw(context: Context, name: str, props: dict[str, Any], body: SafeString | str = "") -> SafeString:
    declared = component(name)
    page = {key: context[key] for key in PAGE_NAMES if key in context}
    inner = context.new(page | declared.context(props) | {"body": body})
    return mark_safe(template.Engine.get_default().get_template(declared.template_name).render(inner).strip())
