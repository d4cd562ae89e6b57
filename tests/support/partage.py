"""A made workflow that uses every key of what a case shares with others (`partage.yaml`)."""

from pathlib import Path

PARTAGE = Path(__file__).with_name("partage.yaml")
