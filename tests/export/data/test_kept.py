"""What was found is read back only where it is whole, and of the same pictures."""

import numpy as np
import pytest

from export.data import kept


def test_it_comes_back_for_the_same_digest_only(tmp_path):
    path = tmp_path / "cache" / "eyes.npz"
    assert kept.read(path, "a", "eyes") is None
    kept.write(path, "a", eyes=np.arange(3))
    (eyes,) = kept.read(path, "a", "eyes")
    assert eyes.tolist() == [0, 1, 2]
    assert kept.read(path, "b", "eyes") is None and kept.read(path, "a", "found") is None
    assert [file.name for file in path.parent.iterdir()] == ["eyes.npz"]


@pytest.mark.parametrize("left", [0, 10, 200])
def test_a_damaged_file_is_made_anew(tmp_path, left):
    path = tmp_path / "eyes.npz"
    kept.write(path, "a", eyes=np.arange(300))
    path.write_bytes(path.read_bytes()[:left])
    assert kept.read(path, "a", "eyes") is None


def test_a_stop_on_the_way_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "eyes.npz"
    kept.write(path, "a", eyes=np.arange(3))

    def stop(part, **_):
        part.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", stop)
    with pytest.raises(KeyboardInterrupt):
        kept.write(path, "b", eyes=np.arange(4))
    assert kept.read(path, "a", "eyes") is not None
