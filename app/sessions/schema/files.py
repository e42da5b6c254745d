"""The names of a session's files, and the number of its format."""

FORMAT = "mien session"  # what `session.json` says of itself
FORMAT_VERSION = 1  # the one that is written, and the newest that can be read

INFO_FILE = "session.json"  # where the rows come from and what they mean
ROWS_FILE = "faces.csv"  # a row for each face in each frame
EVENTS_FILE = "events.csv"  # markers, and what Mien noticed
ADDED_EVENTS_FILE = "events-added.csv"  # markers that were set in a replay
EDITED_EVENTS_FILE = "events-edited.csv"  # what was changed of its intervals afterwards
VIDEO_FILE = "video.mkv"  # the picture, where it was wanted
UNFINISHED_FOLDER = "unfinished"  # beside sessions that are measured just now: drafts of them
LOCK_FILE = "recording.lock"  # while it is recorded: its writer holds a lock on it

ROW_FILES = (ROWS_FILE, EVENTS_FILE, ADDED_EVENTS_FILE)  # which hold lines of cells
