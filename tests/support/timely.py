"""A made workflow that shows every clock of the language, one deadline each (`timely.yaml`)."""

from pathlib import Path

HORLOGES = Path(__file__).with_name("timely.yaml")
