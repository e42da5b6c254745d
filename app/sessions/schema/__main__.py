"""`python -m app.sessions.schema` prints the tables of columns in Markdown."""

from app.sessions.schema.files import EVENTS_FILE, ROWS_FILE
from app.sessions.schema.tables import columns_table, events_table

if __name__ == "__main__":
    print(f"## {ROWS_FILE}\n\n{columns_table()}\n## {EVENTS_FILE}\n\n{events_table()}", end="")
