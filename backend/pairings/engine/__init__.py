"""The only door to `matching`: enrolments in, plain results out. Workers import it, web processes never.

scikit-learn would cost every web process 100 MiB.
"""

from backend.pairings.engine.examine import examine
from backend.pairings.engine.plan import Left, Plan, plan
from backend.pairings.engine.proposals import Proposal

__all__ = ["Left", "Plan", "Proposal", "examine", "plan"]
