"""What the numbers may mean: rules, gates, levels and wording, for each side."""

from midstance.science.findings.assess import FOUNDING_ID, findings_of, own_findings
from midstance.science.findings.wording import DISCLAIMER, headline

__all__ = ["DISCLAIMER", "FOUNDING_ID", "findings_of", "headline", "own_findings"]
