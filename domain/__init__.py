"""What is true without any machine: dates, workflows, cases, decisions. Pure: no I/O, no clock."""
