"""jalon: a workflow engine for admission and social accompaniment."""
