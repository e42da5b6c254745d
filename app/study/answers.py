"""An answer as the text of an event, and read back: NAME=4, NAME=some words, or NAME=0.25 -0.5 of a grid.

An answer belongs to the stimulus that ended last before it; one before the first stimulus to the session.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.study.playlist import Question, QuestionKind

ANSWER = "answer"  # the kind of the event


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A place on the affect grid, each -1..1: pleasure to the right, arousal upwards."""

    pleasure: float
    arousal: float


Answer = int | str | GridPoint


def answer_text(question: Question, answer: Answer) -> str:
    """The text of the event for `answer`; line breaks and double spaces in it become one space."""
    if isinstance(answer, GridPoint):
        return f"{question.name}={answer.pleasure:.3f} {answer.arousal:.3f}"
    return f"{question.name}={' '.join(str(answer).split())}"


def read_answer(text: str, questions: tuple[Question, ...]) -> tuple[Question, Answer] | None:
    """The question of an event with `text`, and its answer; None where no question has that name, or where
    the answer does not fit the question."""
    name, _, said = text.partition("=")
    question = next((q for q in questions if q.name == name.strip()), None)
    if question is None:
        return None
    try:
        return question, _read(question, said)
    except ValueError:
        return None


def _read(question: Question, said: str) -> Answer:
    if question.kind is QuestionKind.TEXT:
        return said
    if question.kind is QuestionKind.SCALE:
        if not question.lowest <= (chosen := int(said)) <= question.highest:
            raise ValueError(said)
        return chosen
    pleasure, arousal = (float(part) for part in said.split())
    if not (-1 <= pleasure <= 1 and -1 <= arousal <= 1):  # also not NaN
        raise ValueError(said)
    return GridPoint(pleasure, arousal)
