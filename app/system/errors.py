"""The one kind of error whose text is meant for the user."""


class UserError(Exception):
    """Something outside the program is wrong; the text is one sentence that says what to do."""
