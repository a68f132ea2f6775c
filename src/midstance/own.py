"""What a package needs to add measures and rules of its own; docs/own-rules.md shows how."""

from midstance.science.findings.readings import Reading, combined, difference, flipped
from midstance.science.findings.rule import Case, Rule
from midstance.science.findings.topic import Topic
from midstance.science.own import Own, OwnMeasure, Plugin
from midstance.science.records import Stride, ViewAnalysis
from midstance.science.signals import sample

__all__ = [
    "Case",
    "Own",
    "OwnMeasure",
    "Plugin",
    "Reading",
    "Rule",
    "Stride",
    "Topic",
    "ViewAnalysis",
    "combined",
    "difference",
    "flipped",
    "sample",
]
