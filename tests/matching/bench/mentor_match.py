"""Run by another Python, in which `mentor-match` is installed and this repository is not.

Standard input: {"mentors": rows, "mentees": rows, "grades": in order}. Standard output: {"seconds": one round
from people to pairs, "pairs": [[mentor, mentee], ...] by e-mail address}.
"""

import json
import operator
import sys
import time

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify, Equivalent, Generic, Grade, UnmatchedBonus

# It applies the last rule first and stops at a refusal: refusals last is its fastest order.
RULES = [
    UnmatchedBonus(6),
    Generic({True: 6, False: 0}, lambda match: match.mentee.identity in match.mentor.characteristics),
    Equivalent("profession", {True: 10, False: 0}),
    Grade(2, operator.eq, {True: 12, False: 0}),
    Grade(1, operator.eq, {True: 9, False: 0}),
    Disqualify(lambda match: not 1 <= match.mentor.grade - match.mentee.grade <= 2),
    Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
]


def main():
    given = json.load(sys.stdin)
    mentors, mentees = (
        [person(kind, row, given["grades"]) for row in given[side]]
        for kind, side in ((Mentor, "mentors"), (Mentee, "mentees"))
    )
    start = time.perf_counter()
    process_data(mentors, mentees, [RULES])
    seconds = time.perf_counter() - start
    pairs = [[mentor.email, mentee.email] for mentor in mentors for mentee in mentor.mentees]
    json.dump({"seconds": seconds, "pairs": pairs}, sys.stdout)


def person(kind, row, grades):
    made = kind(**row | {"grade": grades.index(row["grade"]), "email": row["email address"]})
    made.identity = row.get("identity to match", "")
    made.characteristics = {word.strip() for word in row.get("characteristics", "").split(",")} - {""}
    return made


main()
