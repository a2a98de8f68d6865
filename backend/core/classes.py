"""Every model field declares its class of data (A public, B ordinary, C sensitive, D critical).

A model says ``data_classes = classes(A="id public_id", C="notes")``; `tests/architecture` refuses a
field without a class, and the canary tests read the same table.
"""

from typing import Literal

DataClass = Literal["A", "B", "C", "D"]


def classes(*, A: str = "", B: str = "", C: str = "", D: str = "") -> dict[str, str]:
    """Return {class: field names, separated by blanks}; raises ValueError when a field is named twice."""
    declared = {"A": A, "B": B, "C": C, "D": D}
    names = " ".join(declared.values()).split()
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Declared more than once: {', '.join(sorted(twice))}.")
    return declared


def class_by_field(model: object) -> dict[str, DataClass]:
    """{field name: class} as the model declares it; a base class's fields are declared by the heir."""
    declared: dict[DataClass, str] = getattr(model, "data_classes", {})
    return {name: letter for letter, names in declared.items() for name in names.split()}
