"""Figures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from export.affect import figures

PROBS = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
LABELS = np.array([0, 1, 1, 2])


def test_accuracy_and_recalls_count_the_largest():
    assert figures.accuracy(PROBS, LABELS) == 75
    assert figures.recalls(PROBS, LABELS).tolist() == [100, 50, 100]


def test_confusion_has_truth_down_and_prediction_across():
    assert figures.confusion(PROBS, LABELS).tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


def test_recall_of_an_absent_expression_is_not_a_number():
    assert np.isnan(figures.recalls(PROBS, np.array([0, 1, 1, 1]))[2])


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    assert figures.calibration_error(PROBS[:1], LABELS[:1]) == pytest.approx(30)
    # two in one bin: confidences 0.7 and 0.7, one right: |1 - 1.4| / 2
    probs = np.array([[0.7, 0.3], [0.7, 0.3]])
    assert figures.calibration_error(probs, np.array([0, 1])) == pytest.approx(20)
    assert figures.calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0


def test_ccc_is_one_for_equal_and_falls_with_a_shift():
    x = np.array([[0.0], [1.0], [2.0]])
    assert figures.ccc(x, x) == pytest.approx(1)
    # covariance 2/3, variances 2/3 each, means 1 apart: (4/3) / (4/3 + 1) = 4/7
    assert figures.ccc(x + 1, x) == pytest.approx(4 / 7)
    assert figures.cc(x + 1, x) == pytest.approx(1)
    assert figures.rmse(x + 1, x) == pytest.approx(1)


def test_sign_agreement_leaves_out_rows_that_are_neither():
    found, true = np.array([[0.1], [-0.1], [0.5]]), np.array([[0.2], [0.3], [0.0]])
    assert figures.sign_agreement(found, true) == pytest.approx([50])
