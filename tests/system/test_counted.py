"""One thing and several."""

from app.system.counted import counted


def test_a_number_and_its_word_agree():
    assert [counted(number, "file") for number in (0, 1, 2, 4000)] == [
        "0 files",
        "1 file",
        "2 files",
        "4,000 files",
    ]
    assert counted(1, "picture is", "pictures are") == "1 picture is"
    assert counted(3, "picture is", "pictures are") == "3 pictures are"
