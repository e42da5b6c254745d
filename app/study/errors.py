"""What is wrong with a study, said to its operator."""

from app.system.errors import UserError


class StudyError(UserError):
    """A study cannot be read or changed as was asked; the text is one sentence that says what to do."""
