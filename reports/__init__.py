"""Files that leave jalon to be read elsewhere."""
