"""The rows: schema, migrations, connections, and the mapping between rows and domain objects."""
