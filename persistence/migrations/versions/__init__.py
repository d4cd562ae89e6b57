"""The migrations: frozen files, applied in order, up only."""
