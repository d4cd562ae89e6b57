"""The bell: when to run a pass. What is due is a row, never a job."""
