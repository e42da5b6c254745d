"""The numbers at which the detectors decide. Whoever changes one measures false and missed faces anew."""

from app.stages.faces import thresholds


def test_the_thresholds_are_those_that_were_measured():
    found = {name: value for name, value in vars(thresholds).items() if name.isupper()}
    assert found == {
        "NEAR_SCORE": 0.6, "FAR_SCORE": 0.7, "TILE_SCORE": 0.5, "PRESENCE": 11.0, "TURNED_PRESENCE": 13.0,
        "TURNED_MARGIN": 3.0, "SURE": 20.0, "CONFIRMED": 17.2, "CONFIRMED_TWICE": 15.0, "BESIDE": -0.08,
        "BESIDE_SCALE": 0.9, "FILLS_PICTURE": 0.65, "SAME_FACE": 0.3, "SAME_SIZE": 1.25,
    }  # fmt: skip
