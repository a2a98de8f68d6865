"""Places are counted by the database, so that no code path, race or shell can take one too many.

An open offer takes one place on both its enrolments, a current member of a pairing one on their own.
`enrolment_places_stay_within_capacity` refuses the one too many.
"""

import pgtrigger

_COUNT = """
    UPDATE programmes_enrolment SET places_taken = places_taken + {change} WHERE id IN ({who});
"""


def counts_places(*, name: str, takes: str, who: list[str]) -> pgtrigger.Trigger:
    """A trigger that keeps `places_taken`.

    `takes`: the SQL condition on {row} under which a row takes a place; `who`: its enrolment columns, which
    never change once written.
    """
    new, old = takes.format(row="NEW"), takes.format(row="OLD")
    ids = {row: ", ".join(f"{row}.{column}" for column in who) for row in ("NEW", "OLD")}
    body = f"""
        IF TG_OP = 'UPDATE' AND ({", ".join(f"OLD.{c}" for c in who)}) IS DISTINCT FROM
           ({", ".join(f"NEW.{c}" for c in who)}) THEN
            RAISE EXCEPTION 'the enrolments of a row in % never change', TG_TABLE_NAME;
        END IF;
        IF TG_OP IN ('UPDATE', 'DELETE') AND {old} AND (TG_OP = 'DELETE' OR NOT ({new})) THEN
            {_COUNT.format(change="-1", who=ids["OLD"])}
        END IF;
        IF TG_OP IN ('INSERT', 'UPDATE') AND {new} AND (TG_OP = 'INSERT' OR NOT ({old})) THEN
            {_COUNT.format(change="1", who=ids["NEW"])}
        END IF;
        RETURN NULL;
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=body,
    )
