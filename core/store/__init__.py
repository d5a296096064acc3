"""The only place that knows the database: models, migrations, the book, the outbox, keys."""
