"""Commands that train end with a sentence and an exit code."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.stages.cards import ModelError
from export import train
from export.training import outcome
from export.training.task import RecipeError, read_recipe


def raises(error):
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RecipeError("No recipe is called x."), 2, "No recipe is called x.\n"),
        (ModelError("The card is damaged."), 2, "The card is damaged.\n"),
        (FileNotFoundError("Put the set into data/."), 2, "Put the set into data/.\n"),
        (KeyboardInterrupt(), 130, "Stopped; the same command resumes.\n"),
    ],
)
def test_each_end_has_its_sentence_and_code(error, code, said, capsys):
    assert outcome.run(lambda: raises(error)) == code
    assert capsys.readouterr().err == said


def test_what_is_done_says_nothing_and_a_fault_of_our_own_is_not_hidden(capsys):
    assert outcome.run(lambda: None) == 0 and capsys.readouterr().err == ""
    with pytest.raises(ZeroDivisionError):
        outcome.run(lambda: raises(ZeroDivisionError()))


def test_threads_that_cannot_be(capsys):
    assert train.main(["eyes", "--smoke", "--threads", "-1"]) == 2
    assert "--threads -1 is not a number of threads" in capsys.readouterr().err


def test_a_folder_with_the_name_of_a_recipe_is_in_nobodys_way(tmp_path, monkeypatch):
    (tmp_path / "eyes").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_recipe(Path("eyes")).task == "eye-centres"
