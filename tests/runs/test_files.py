"""Which files a run measures: lists as people write them, folders, shards."""

import pytest

from app.runs.file_list import read_list
from app.runs.files import Shard, expanded
from app.runs.task import Task
from app.sessions.header import Details
from app.system.errors import UserError


def written(tmp_path, content, name="files.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


TABLE = 'file;participant;Condition;age\r\na b.mp4;001;calm;23\r\n/abs/ü.mp4;P02;"tense; very";\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_as_a_spreadsheet_writes_it(tmp_path, encoding, separator):
    quoted = TABLE.replace('"tense; very"', '"tense"').replace(";", separator)
    one, two = read_list(written(tmp_path, quoted.encode(encoding)))
    assert one.place == tmp_path / "a b.mp4" and str(two.place) == "/abs/ü.mp4"
    assert one.details == Details("001", "calm", listed=(("age", "23"),))
    assert two.details == Details("P02", "tense", listed=(("age", ""),))


def test_a_cell_that_holds_the_separator_is_quoted(tmp_path):
    assert read_list(written(tmp_path, TABLE))[1].details.condition == "tense; very"


def test_a_list_of_paths_and_addresses(tmp_path):
    one, two = read_list(written(tmp_path, "\ufeffa,b;c.mp4\n\n  https://x.org/v.mp4?k=1  \n", "list.txt"))
    assert one.place == tmp_path / "a,b;c.mp4" and str(two.place) == "https://x.org/v.mp4"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"), (b"\n \n", "is empty"), ("clip,age\na.mp4,3\n", "has no column file"),
        ("file,age\n", "names no file"), ("file,age\n,3\n", "Line 2 of .* names no file"),
        ("file,age\na.mp4,3,4\n", "has 3 cells, and there are 2 columns"),
        ("file,age,age\na.mp4,3,4\n", "two columns age"), ("file\nü.mp4\n".encode("cp1252"), "is no UTF-8"),
        (b"PK\x03\x04\x00\x00", "is no text"), ("file\nhttp://\n", "is no address"),
        (f"file,a\nx.mp4,{'y' * 3000}\n", "more than 2000 characters"),
    ],
)  # fmt: skip
def test_each_bad_list_is_a_sentence(tmp_path, content, said):
    with pytest.raises(UserError, match=said) as raised:
        read_list(written(tmp_path, content))
    assert "\n" not in str(raised.value)


def test_a_list_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_list(tmp_path / "none.csv")


def test_a_folder_is_its_videos_and_pictures_and_no_session(tmp_path):
    for name in ("b/2.MP4", "b/1.mkv", "a.jpg", "notes.txt", ".hidden.mp4", ".trash/x.mp4", "out/s/y.mp4",
                 "S1/session.json", "S1/video.mkv", "S1/explain/person-1.png"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    named, out = [Task(tmp_path, Details("P1")), Task(tmp_path / "none.mp4")], tmp_path / "out"
    tasks = expanded(named, out, as_clip=False)
    found = [task.place.relative_to(tmp_path).as_posix() for task in tasks]
    assert found == ["a.jpg", "b/1.mkv", "b/2.MP4", "none.mp4"]
    assert tasks[0].details.participant == "P1"
    assert [task.place for task in expanded([Task(tmp_path)], out, as_clip=True)] == [tmp_path]
    with pytest.raises(UserError, match="holds no videos"):
        expanded([Task(tmp_path / "S1")], out, as_clip=False)


def test_a_file_that_is_named_twice_comes_once_unless_it_is_said_to_be_two(tmp_path):
    file = tmp_path / "a.mp4"
    assert len(expanded([Task(file), Task(file)], tmp_path, as_clip=False)) == 1
    with pytest.raises(UserError, match="named twice with different details"):
        expanded([Task(file, Details("P1")), Task(file, Details("P2"))], tmp_path, as_clip=False)


def test_shards_are_equal_parts_of_all_whatever_the_order(tmp_path):
    tasks = [Task(tmp_path / f"{i:03}.mp4") for i in range(101)]
    parts = [Shard(k, 40).part(tasks[::-1]) for k in range(1, 41)]
    assert parts == [Shard(k, 40).part(tasks) for k in range(1, 41)]
    assert {len(part) for part in parts} == {2, 3}
    assert sorted(str(task.place) for part in parts for task in part) == [str(t.place) for t in tasks]
