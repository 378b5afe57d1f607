"""Pictures that are no X-rays, for the input checks: photographs, documents, noise, gradients and drawings.

    python3 scripts/reference/not_xrays.py FOLDER

Writes 300 PNG files, sixty of each kind, named `<kind>-<number>.png`. The same packages give the same files. The
photographs are those of Debian's python3-skimage, python3-sklearn and mate-backgrounds, whole, cropped and as grey.
They stay in FOLDER; none of them is kept in the repository.
"""

import io
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import skimage
import sklearn
from PIL import Image, ImageDraw, ImageFilter, ImageFont

COUNT = 60
SIZE = 512

SKIMAGE = Path(skimage.__file__).parent / "data"
SKLEARN = Path(sklearn.__file__).parent / "datasets" / "images"
MATE = Path("/usr/share/backgrounds/mate/nature")
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

PHOTOGRAPHS = [
    *(
        SKIMAGE / name
        for name in (
            "astronaut.png",
            "brick.png",
            "camera.png",
            "chelsea.png",
            "clock_motion.png",
            "coffee.png",
            "coins.png",
            "grass.png",
            "gravel.png",
            "hubble_deep_field.jpg",
            "ihc.png",
            "moon.png",
            "motorcycle_left.png",
            "retina.jpg",
            "rocket.jpg",
        )
    ),
    *(SKLEARN / name for name in ("china.jpg", "flower.jpg")),
    *sorted(MATE.glob("*.jpg")),
]

WORDS = (
    "the report of a patient with cough and fever was read by two people who did not agree on what they saw in it "
    "while a third one looked at the invoice number total amount due date of payment thank you for your order"
).split()


def photograph(random, number):
    """Whole if it is the first of its file, else a random square of it; every second one in grey."""
    image = Image.open(PHOTOGRAPHS[number % len(PHOTOGRAPHS)]).convert("RGB")
    if number >= len(PHOTOGRAPHS):
        side = int(min(image.size) * random.uniform(0.4, 0.9))
        left, top = (int(random.integers(0, full - side + 1)) for full in image.size)
        image = image.crop((left, top, left + side, top + side))
    image.thumbnail((2 * SIZE, 2 * SIZE))
    return image.convert("L") if number % 2 else image


def document(random, number):
    """A page of text, sometimes with a table, sometimes white on black, sometimes a little turned as by a scanner."""
    page = Image.new("L", (SIZE, int(SIZE * random.uniform(0.8, 1.45))), 255)
    draw = ImageDraw.Draw(page)
    size = int(random.integers(9, 26))
    font = ImageFont.truetype(FONT, size)
    top, margin = int(random.integers(15, 60)), int(random.integers(15, 60))
    while top < page.height - 2 * size:
        words = random.choice(WORDS, int(random.integers(3, 14)))
        draw.text((margin, top), " ".join(words), fill=int(random.integers(0, 60)), font=font)
        top += int(size * random.choice([1.3, 1.3, 1.3, 2.6]))
    if number % 3 == 0:
        for at in np.linspace(margin, page.width - margin, int(random.integers(3, 7))):
            draw.line((at, page.height / 3, at, page.height * 2 / 3), fill=0, width=2)
        for at in np.linspace(page.height / 3, page.height * 2 / 3, int(random.integers(3, 9))):
            draw.line((margin, at, page.width - margin, at), fill=0, width=2)
    if number % 4 == 1:
        page = page.rotate(random.uniform(-3, 3), fillcolor=200, resample=Image.BILINEAR)
    if number % 5 == 2:
        page = Image.eval(page, lambda grey: 255 - grey)
    return page


def noise(random, number):
    """White, normal, salt and pepper, and clouds of several sizes, in grey and in colour."""
    shape = (SIZE, SIZE, 3) if number % 4 == 3 else (SIZE, SIZE)
    kind = number % 5
    if kind == 0:
        values = random.uniform(0, 255, shape)
    elif kind == 1:
        values = random.normal(random.uniform(60, 200), random.uniform(10, 70), shape)
    elif kind == 2:
        values = random.choice([0.0, 128.0, 255.0], shape, p=[0.1, 0.8, 0.1])
    else:
        cells = int(random.integers(4, 64))
        small = random.uniform(0, 255, (cells, cells)).astype(np.uint8)
        return Image.fromarray(small).resize((SIZE, SIZE), Image.BICUBIC)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def gradient(random, number):
    """One grey, straight and round ramps between two greys or colours, and stripes."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    angle = random.uniform(0, 2 * np.pi)
    ramp = x * np.cos(angle) + y * np.sin(angle)
    kind = number % 4
    if kind == 0:
        ramp = np.full_like(x, random.uniform(0, 1))
    elif kind == 1:
        ramp = np.hypot(x - random.uniform(0.3, 0.7), y - random.uniform(0.3, 0.7))
    elif kind == 2:
        ramp = (np.sin(ramp * random.uniform(10, 120)) + 1) / 2
    else:
        ramp = (ramp - ramp.min()) / np.ptp(ramp)
    first, second = random.uniform(0, 255, (2, 3))
    if number % 2:
        return Image.fromarray((first[0] + ramp * (second[0] - first[0])).clip(0, 255).astype(np.uint8))
    return Image.fromarray((first + ramp[..., None] * (second - first)).clip(0, 255).astype(np.uint8))


def plot(random):
    figure, axes = plt.subplots(figsize=(5.12, 5.12), dpi=100)
    kind = int(random.integers(0, 4))
    if kind == 0:
        axes.plot(random.normal(size=(60, 3)).cumsum(axis=0))
    elif kind == 1:
        axes.bar(range(8), random.uniform(1, 9, 8))
    elif kind == 2:
        axes.scatter(*random.normal(size=(2, 200)), s=random.uniform(5, 60, 200))
    else:
        axes.pie(random.uniform(1, 5, 5), labels=list("abcde"))
    axes.set_title(" ".join(random.choice(WORDS, 3)))
    file = io.BytesIO()
    figure.savefig(file)
    plt.close(figure)
    return Image.open(file).convert("RGB")


def drawing(random, number):
    """Plots, filled shapes and strokes of a pen, on white, grey or black."""
    if number % 3 == 0:
        return plot(random)
    paper = Image.new("RGB", (SIZE, SIZE), (int(random.choice([0, 90, 255])),) * 3)
    draw = ImageDraw.Draw(paper)
    for _ in range(int(random.integers(3, 25))):
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        box = np.sort(random.uniform(0, SIZE, (2, 2)), axis=0).ravel().tolist()
        if number % 3 == 2:
            points = random.uniform(0, SIZE, (int(random.integers(2, 12)), 2)).ravel().tolist()
            draw.line(points, fill=colour, width=int(random.integers(1, 9)), joint="curve")
        elif random.integers(0, 2):
            draw.ellipse(box, fill=colour)
        else:
            draw.rectangle(box, fill=colour)
    return paper.filter(ImageFilter.GaussianBlur(1)) if number % 6 == 1 else paper


KINDS = {
    "photograph": photograph,
    "document": document,
    "noise": noise,
    "gradient": gradient,
    "drawing": drawing,
}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for at, (kind, make) in enumerate(KINDS.items()):
        random = np.random.default_rng([15, at])
        for number in range(COUNT):
            make(random, number).save(folder / f"{kind}-{number:02d}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
