"""Stories in files: read, played on the real engine in virtual time, counted, and tried on mutated workflows."""
