"""What a session holds, said once: its files, its format, every column of `faces.csv` and of `events.csv`.

Recording, reading back, replay, verify, report, exports, `session.json` and the tables in the docs are made
from these.
"""
