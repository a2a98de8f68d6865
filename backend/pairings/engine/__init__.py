"""The only door to `matching`: enrolments in, plain results out. Workers import it, web processes never.

scikit-learn would cost every web process 100 MiB.
"""

from backend.pairings.changes import Unanswerable
from backend.pairings.engine.asking import Answer, Shift, Sum, what_if
from backend.pairings.engine.examining import examine
from backend.pairings.engine.learning import Learned, learn, suits
from backend.pairings.engine.planning import Left, Plan, plan
from backend.pairings.engine.proposals import Proposal

__all__ = [
    "Answer",
    "Learned",
    "Left",
    "Plan",
    "Proposal",
    "Shift",
    "Sum",
    "Unanswerable",
    "examine",
    "learn",
    "plan",
    "suits",
    "what_if",
]
