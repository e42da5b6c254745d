import pytest

from app.ui.look.fade import GAP, GLIDE, Fade


def test_it_begins_where_it_should_be_and_then_glides() -> None:
    fade = Fade()
    assert fade.to(0.4, 10.0) == 0.4
    assert fade.to(1.0, 10.0 + GLIDE) == pytest.approx(1 - 0.6 / 2.71828, abs=1e-4)
    assert fade.to(1.0, 10.0 + 2 * GLIDE) == pytest.approx(1 - 0.6 / 2.71828**2, abs=1e-4)


@pytest.mark.parametrize("later", [-1.0, 2 * GAP])
def test_after_a_gap_or_when_time_runs_back_it_is_there_at_once(later: float) -> None:
    fade = Fade()
    fade.to(0.4, 10.0)
    assert fade.to(1.0, 10.0 + later) == 1.0
