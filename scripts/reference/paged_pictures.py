"""TIFFs with several pages: thumbnails before and after the picture, pages that differ, damaged pages.

`paged_files()` yields a name, a file and the page to read if none is requested, counted from 1.
"""

import numpy as np
from PIL import Image

from picture_builders import tiff_fields, tiff_pages


def chest(seed, width=48, height=40):
    """A smooth picture with a few dark and bright places."""
    random = np.random.RandomState(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    total = sum(
        a * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / s)
        for a, cx, cy, s in zip(random.uniform(-1, 1, 7), random.rand(7), random.rand(7), random.uniform(0.01, 0.1, 7))
    )
    return np.round(255 * (total - total.min()) / (total.max() - total.min())).astype(np.uint8)


def shrunk(samples, by):
    image = Image.fromarray(samples)
    return np.asarray(image.resize((image.width // by, image.height // by), Image.BILINEAR))


def page(samples, **fields):
    height, width = samples.shape
    bits = 8 * samples.dtype.itemsize
    return [samples.astype(samples.dtype.newbyteorder("<")).tobytes()], tiff_fields(width, height, bits=bits, **fields)


def paged_files():
    whole, other = chest(1), chest(2)
    thumbnail = shrunk(whole, 4)
    yield "thumbnail-first.tif", tiff_pages([page(thumbnail, subfile=(4, 1)), page(whole)]), 2
    yield "thumbnail-first-unmarked.tif", tiff_pages([page(thumbnail), page(whole)]), 2
    yield "thumbnail-last.tif", tiff_pages([page(whole), page(thumbnail, subfile=(4, 1))]), 1
    yield "pyramid.tif", tiff_pages([page(shrunk(whole, 4)), page(shrunk(whole, 2)), page(whole)]), 3
    yield "mask-first.tif", tiff_pages([page(whole // 128 * 255, subfile=(4, 4)), page(other)]), 2
    yield "same-size.tif", tiff_pages([page(whole), page(whole)]), 1
    yield "different.tif", tiff_pages([page(shrunk(other, 2)), page(whole)]), 1
    yield "other-proportions.tif", tiff_pages([page(whole[:20]), page(whole)]), 1
    yield "big-tiff.tif", tiff_pages([page(thumbnail), page(whole)], big=True), 2
    yield "thumbnail-of-16-bits.tif", tiff_pages([page(thumbnail), page(whole.astype(np.uint16) * 257)]), 2
    yield "twelve-pages.tif", tiff_pages([page(thumbnail)] * 11 + [page(whole)]), 1
    yield "thumbnail-then-another.tif", tiff_pages([page(thumbnail), page(whole), page(other)]), 2
    yield "another-between.tif", tiff_pages([page(thumbnail), page(other), page(whole)]), 3
    yield "another-and-its-thumbnail.tif", tiff_pages([page(thumbnail), page(shrunk(other, 2)), page(other)]), 1
    broken = [(t, k, 10**6 if t == 273 else v) for t, k, v in page(other)[1]]
    yield "second-damaged.tif", tiff_pages([page(thumbnail), (page(other)[0], broken)]), 1
    yield "third-damaged.tif", tiff_pages([page(thumbnail), page(whole), (page(other)[0], broken)]), 2
