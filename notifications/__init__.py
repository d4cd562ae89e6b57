"""How a notice reads, and how it leaves."""
