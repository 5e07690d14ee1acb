"""The only place that knows SQLAlchemy: tables, queries, rows to core values and back."""
