"""What OpenCV makes of a small picture, to the last bit: the networks have learnt from just these values.

OpenCV 5 interpolates warps otherwise (up to 6 of 255). Whoever takes a version that fails here measures the
networks anew, before the values are changed.
"""

from __future__ import annotations

import cv2
import numpy as np

Y, X = np.mgrid[0:12, 0:14]
PICTURE = np.stack([(X * X * 7 + Y * 29) % 256, (X * 53 + Y * Y * 3) % 256, X * Y * 11 % 256], -1).astype(
    np.uint8
)
SMALLER = np.array([[0.47, -0.13, 1.3], [0.11, 0.52, -0.9]])  # turned and shrunk, as a crop of a face


def grey():
    return cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY)


def test_colours_to_grey():
    rows = [
        [0, 32, 65, 101, 137, 25, 65, 77, 121, 136, 32, 51, 100, 122],
        [70, 138, 208, 52, 125, 123, 170, 171, 100, 75, 158, 136, 192, 53],
    ]
    assert grey()[[0, -1]].tolist() == rows


def test_a_crop_of_a_grey_picture():
    crop = cv2.warpAffine(grey(), SMALLER, (6, 6), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    assert crop.tolist() == [
        [16, 12, 77, 148, 60, 117],
        [41, 50, 131, 149, 117, 191],
        [79, 112, 203, 81, 133, 106],
        [128, 178, 89, 140, 135, 104],
        [90, 111, 145, 162, 115, 132],
        [93, 151, 92, 109, 141, 84],
    ]


def test_a_crop_in_colour_is_black_beside_the_picture():
    crop = cv2.warpAffine(PICTURE, SMALLER, (6, 6), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    assert crop[..., 0].tolist() == [
        [0, 43, 64, 132, 145, 181],
        [0, 107, 133, 145, 97, 191],
        [0, 163, 203, 58, 195, 151],
        [76, 204, 57, 133, 53, 165],
        [16, 31, 99, 182, 148, 133],
        [47, 100, 181, 64, 158, 153],
    ]


def test_shrinking_by_area():
    small = cv2.resize(grey(), (4, 3), interpolation=cv2.INTER_AREA)
    assert small.tolist() == [[60, 105, 135, 114], [127, 111, 115, 138], [116, 130, 121, 119]]


def test_enlarging():
    large = cv2.resize(PICTURE[:4, :4], (6, 6), interpolation=cv2.INTER_LINEAR)
    assert large[..., 2].tolist() == [
        [0, 0, 0, 0, 0, 0],
        [0, 3, 6, 10, 14, 17],
        [0, 6, 15, 23, 32, 38],
        [0, 10, 23, 37, 50, 60],
        [0, 14, 32, 50, 69, 83],
        [0, 16, 38, 60, 82, 99],
    ]
