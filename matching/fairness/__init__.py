"""Who found a mentor, how long they waited, how the load is shared: by group, small numbers protected."""

from matching.fairness.charts import page
from matching.fairness.figures import FairnessReport, gini, report

__all__ = ["FairnessReport", "gini", "page", "report"]
