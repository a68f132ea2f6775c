"""The rules of the founding finding as a table in Markdown, from the package."""

from __future__ import annotations

from math import isfinite

from midstance.report.words import typeset
from midstance.science.findings.compensation import COMPENSATION
from midstance.science.findings.rule import Rule
from midstance.science.findings.sagittal import SAGITTAL

PLACEHOLDER = "<!-- rules -->"
"""What the page puts the rules in place of."""


def rules_table() -> str:
    """Return the rules, each with what it says and where its threshold comes from."""
    head = ["| rule | what it says | threshold | source |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(rule) for rule in (*SAGITTAL, *COMPENSATION))])


def _row(rule: Rule) -> str:
    threshold = f"{rule.beyond} {rule.threshold:g}°".replace("-", "−") if isfinite(rule.threshold) else "none"
    return f"| {rule.id} | {typeset(rule.title)} | {threshold} | {typeset(rule.source)} |"
