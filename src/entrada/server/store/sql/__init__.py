"""The stores that last: SQLite for one machine, PostgreSQL for many, one set of tables and statements for both."""
