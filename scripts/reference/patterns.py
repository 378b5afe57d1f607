"""Pixels from an integer formula that the tests compute as well, and how they are written to files."""

import base64
import hashlib

import numpy as np
from PIL import Image


def pattern(kind, seed, count):
    """`count` bytes from a hash of their index: noise, black and white, mid greys, or one value."""
    if kind == "white":
        return np.full(count, 255, np.uint8)
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919)
    x = x * np.uint32(2654435761)
    x ^= x >> np.uint32(15)
    x = x * np.uint32(2246822519)
    x ^= x >> np.uint32(13)
    noise = (x & np.uint32(255)).astype(np.uint8)
    return {
        "noise": noise,
        "edges": (noise & 1) * np.uint8(255),
        "dark": noise % 97,  # all below 127.5: after normalising to [-1024, 1024], all below 0
        "bright": 160 + noise % 89,
    }[kind].astype(np.uint8)


def picture(kind, seed, width, height, channels):
    data = pattern(kind, seed, width * height * channels)
    return Image.fromarray(data.reshape(height, width, 3) if channels == 3 else data.reshape(height, width))


def b64(data):
    return base64.b64encode(bytes(data)).decode()


def sha256(data):
    return hashlib.sha256(bytes(data)).hexdigest()
