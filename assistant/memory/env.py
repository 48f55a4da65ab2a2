"""What Alembic runs to change a database: the steps of `versions/`, over an open connection.

◆ Alembic loads this file by its name; nobody imports it. The transaction is `schema.py`'s.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
