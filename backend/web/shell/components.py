"""The components of the design system, each with the props it takes. README.md shows how to use them."""

from __future__ import annotations

from backend.web.shell.charts import bars
from backend.web.shell.registry import Props, declare, one_of
from backend.web.shell.week import compare

TONES = one_of("plain", "action", "good", "look", "danger")
SIDES = one_of("a", "b")
BUTTON_LOOK: Props = {
    "kind": one_of("primary", "plain", "quiet", "danger"),
    "icon": "",
    "key": "",
    "wide": False,
    "small": False,
}


def _week(props: Props) -> Props:
    return {"week": compare(a=props["a"], b=props["b"], name_a=props["name_a"], name_b=props["name_b"])}


def _steps(props: Props) -> Props:
    return {"done": [number <= props["current"] for number in range(1, props["total"] + 1)]}


def _table(props: Props) -> Props:
    labels = [str(label) for label in props["columns"]]
    return {"table": [list(zip(labels, row, strict=True)) for row in props["rows"]]}


def _bars(props: Props) -> Props:
    return {"bars": bars(props["items"])}


def _percent(props: Props) -> Props:
    return {"percent": round(100 * min(1.0, max(0.0, float(props["value"]))))}


# Doing something
declare(
    "button",
    "label",
    **BUTTON_LOOK,
    type=one_of("submit", "button"),
    name="",
    value="",
    disabled=False,
    form="",
    formaction="",
    attributes=True,
)
declare("link_button", "label", "href", **BUTTON_LOOK, attributes=True)
declare(
    "icon_button",
    "label",
    "icon",
    type=one_of("submit", "button"),
    name="",
    value="",
    key="",
    primary=False,
    attributes=True,
)
declare("tabs", "items", label="")
declare("pagination", "page", query="")
declare("language_chooser", current="", next="")
declare("theme_chooser")

# Small things
declare("badge", "label", tone=TONES, icon="")
declare("avatar", "initials", side=SIDES, size=one_of("m", "s", "l"))
declare("meter", "value", label="", prepare=_percent)
declare("steps", "current", "total", label="", prepare=_steps)
declare("code_slip", "code", label="", note="", body=True)
declare("figure", "value", "label")
declare("message", "text", tone=TONES, body=True)
declare("bars", "items", "caption", prepare=_bars)

# Holding something
declare("card", body=True, title="", level=2, tone=one_of("plain", "near", "look", "action"), icon="", id="")
declare("tile", "title", "href", "icon", note="", count=0, attributes=True)
declare("empty", "title", text="", level=2, body=True)
declare("rows", body=True, label="", attributes=True)
declare(
    "row",
    "title",
    href="",
    text="",
    note="",
    initials="",
    side=SIDES,
    icon="",
    age="",
    badge="",
    tone=TONES,
    fit=None,
    current=False,
    body=True,
    attributes=True,
)
declare("data_table", "columns", "rows", caption="", empty="", prepare=_table)
declare("facts", "items")
declare("timeline", "events")

# Forms (fields themselves come from the form renderer)
declare("error_summary", "form", focus=True)

# The overlap
declare("week", "a", "b", "name_a", "name_b", prepare=_week)
declare("overlap_card", "card", level=2)

# Talking
declare(
    "bubble",
    "text",
    time="",
    own=False,
    state=one_of("", "pending", "sent", "delivered", "read"),
    author="",
    lang="",
    icon="",
    note="",
    body=True,
    attributes=True,
)
