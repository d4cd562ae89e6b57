"""Workflow documents: read, checked, compiled; and the rulebook that decides."""
