"""The pictures that the check `frontal-chest` is fitted on and measured on, each with the source that it is from.

Chests are NIH's sample, which is never committed, and phantoms. Everything else is from Debian packages or made here:
photographs, documents, drawings, plots, noise and gradients. A source is never divided between fitting and measuring.
"""
import glob
import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Image.MAX_IMAGE_PIXELS = None

# The width and height to which pictures are brought before they are changed at random.
SIZE = 96

# X-rays of NIH's sample that were published inverted: the bones are dark and the air around the patient is white. Their
# grey values are inverted back, so that the fit does not learn that they are as a chest should be.
PUBLISHED_INVERTED = ("00017625_000.png",)


def grey(picture):
    """A picture as SIZE × SIZE grey values from 0 to 1, stretched; transparent parts become white."""
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture, dtype=np.float64) / 257).astype(np.uint8))
    square = picture.convert("L").resize((SIZE, SIZE), Image.BOX if min(picture.size) >= SIZE else Image.BILINEAR)
    return np.asarray(square, dtype=np.float32) / 255


def chest(path):
    """A chest X-ray or phantom as an averaged picture of the whole file, with bright bones."""
    picture = grey(Image.open(path))
    return 1 - picture if Path(path).name in PUBLISHED_INVERTED else picture


def files(*patterns):
    found = sorted({path for pattern in patterns for path in glob.glob(pattern, recursive=True)})
    return [path for path in found if Path(path).is_file() and not Path(path).is_symlink()]


def opened(paths, crops, rng):
    """Each file as a whole, and `crops` random parts of it."""
    out = []
    for path in paths:
        try:
            picture = Image.open(path)
            picture.load()
        except Exception:
            continue
        if min(picture.size) < 16:
            continue
        out.append(grey(picture))
        width, height = picture.size
        for _ in range(crops if min(picture.size) >= 200 else 0):
            side = int(min(picture.size) * rng.uniform(0.4, 0.95))
            x, y = rng.integers(0, width - side + 1), rng.integers(0, height - side + 1)
            out.append(grey(picture.crop((x, y, x + side, y + side))))
    return out


def pages(path, first, last, step):
    """Pages of a PDF, drawn by poppler, each as a whole and its upper half."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["pdftoppm", "-gray", "-r", "40", "-f", str(first), "-l", str(last), path, f"{folder}/p"], check=True
        )
        for page in files(f"{folder}/*.pgm")[::step]:
            picture = Image.open(page)
            out.append(grey(picture))
            out.append(grey(picture.crop((0, 0, picture.width, picture.height // 2))))
    return out


def scanned(rng, count):
    """Made-up letters and forms: lines of text, rules, boxes and a grey tint, a little turned."""
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 9)
    out = []
    for _ in range(count):
        sheet = Image.new("L", (384, 384), int(rng.integers(200, 256)))
        draw = ImageDraw.Draw(sheet)
        for y in range(int(rng.integers(5, 60)), 370, int(rng.integers(11, 22))):
            words = "".join(rng.choice(list("aeinorst lmdu  "), int(rng.integers(5, 70))))
            if rng.random() < 0.85:
                draw.text((int(rng.integers(8, 60)), y), words, fill=int(rng.integers(0, 90)), font=font)
        for _ in range(int(rng.integers(0, 5))):
            x, y, w, h = rng.integers(0, 300, 4)
            draw.rectangle((int(x), int(y), int(x + w), int(y + h)), outline=40, fill=None if rng.random() < 0.6 else 130)
        out.append(grey(sheet.rotate(rng.uniform(-4, 4), fillcolor=int(rng.integers(0, 256)))))
    return out


def plots(rng, count):
    """Diagrams of Matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    out = []
    for index in range(count):
        figure, axes = pyplot.subplots(figsize=(4, 4), dpi=60)
        values = rng.standard_normal((2, 60)).cumsum(axis=1)
        kind = index % 6
        if kind == 0:
            axes.plot(values.T)
        elif kind == 1:
            axes.scatter(values[0], values[1], s=rng.uniform(5, 80))
        elif kind == 2:
            axes.bar(range(12), np.abs(values[0, :12]))
        elif kind == 3:
            axes.imshow(np.outer(values[0], values[1]), cmap=str(rng.choice(["gray", "viridis", "jet"])))
        elif kind == 4:
            axes.pie(np.abs(values[0, :6]) + 0.1)
        else:
            axes.hist(values.ravel(), bins=20)
        if rng.random() < 0.3:
            axes.axis("off")
        with io.BytesIO() as file:
            figure.savefig(file, format="png")
            out.append(grey(Image.open(file)))
        pyplot.close(figure)
    return out


def white_noise(rng, count):
    """Noise of several grains and distributions."""
    out = []
    for index in range(count):
        side = [1024, 512, 256, 64, 32, 16, 12, 8][index % 8]
        noise = rng.random((side, side)) if index % 3 else np.clip(rng.normal(0.5, 0.2, (side, side)), 0, 1)
        out.append(grey(Image.fromarray((noise * 255).astype(np.uint8))))
    return out


def clouds(rng, count):
    """Noise whose power falls with frequency, as in natural pictures."""
    out = []
    y, x = np.meshgrid(np.fft.fftfreq(SIZE), np.fft.fftfreq(SIZE), indexing="ij")
    radius = np.maximum(np.hypot(x, y), 1 / SIZE)
    for _ in range(count):
        field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((SIZE, SIZE))) / radius ** rng.uniform(0.5, 2.5)).real
        field -= field.min()
        out.append((field / field.max() * rng.uniform(0.3, 1)).astype(np.float32))
    return out


def gradients(rng, count):
    """Linear, radial, striped and chequered pictures, and pictures of one grey value."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE - 0.5
    out = []
    for index in range(count):
        angle = rng.uniform(0, 2 * np.pi)
        along = x * np.cos(angle) + y * np.sin(angle)
        kind = index % 6
        if kind == 0:
            field = along + 0.5
        elif kind == 1:
            field = 1 - np.hypot(x - rng.uniform(-0.3, 0.3), (y - rng.uniform(-0.3, 0.3)) * rng.uniform(0.5, 2)) * rng.uniform(0.8, 3)
        elif kind == 2:
            field = 0.5 + 0.5 * np.sin(along * rng.uniform(3, 60) + rng.uniform(0, 6))
        elif kind == 3:
            cells = int(rng.integers(2, 12))
            field = (np.floor((x + 0.5) * cells) + np.floor((y + 0.5) * cells)) % 2
        elif kind == 4:
            field = np.sign(along - rng.uniform(-0.2, 0.2)) * 0.4 + 0.5
        else:
            field = np.full_like(x, rng.random())
        if rng.random() < 0.5:
            field = 1 - field
        out.append(np.clip(field, 0, 1).astype(np.float32))
    return out


def shapes(rng, count):
    """Drawings: filled and outlined ellipses, polygons and lines, some of them symmetrical as a chest is."""
    out = []
    for _ in range(count):
        sheet = Image.new("L", (256, 256), int(rng.integers(0, 256)))
        draw = ImageDraw.Draw(sheet)
        symmetric = rng.random() < 0.4
        for _ in range(int(rng.integers(1, 12))):
            x, y, w, h = (int(value) for value in rng.integers(0, 200, 4))
            shade = int(rng.integers(0, 256))
            for at in [x, 256 - x - w] if symmetric else [x]:
                kind = shade % 3
                if kind == 0:
                    draw.ellipse((at, y, at + w, y + h), fill=shade)
                elif kind == 1:
                    draw.rectangle((at, y, at + w, y + h), outline=shade, width=1 + shade % 7)
                else:
                    draw.line((at, y, at + w, y + h), fill=shade, width=1 + shade % 11)
        out.append(grey(sheet))
    return out


def other_pictures(seed=0):
    """All pictures that show no chest: a list of (kind, source, pictures)."""
    rng = np.random.default_rng(seed)
    skimage = "/usr/lib/python3/dist-packages/skimage/data"
    found = [
        ("photographs", "gnome-backgrounds", opened(files("/usr/share/backgrounds/gnome/*.webp"), 2, rng)),
        ("photographs", "mate-backgrounds", opened(files("/usr/share/backgrounds/mate/**/*.*"), 2, rng)),
        ("photographs", "ukui and lomiri", opened(files("/usr/share/backgrounds/*.jpg", "/usr/share/backgrounds/*.png"), 2, rng)),
        ("photographs", "plasma-wallpapers", opened(files("/usr/share/wallpapers/**/contents/images/*.jpg", "/usr/share/wallpapers/**/contents/images/*.png", "/usr/share/wallpapers/**/contents/screenshot.*"), 1, rng)),
        ("photographs", "scikit-image", opened(files(f"{skimage}/*.png", f"{skimage}/*.jpg"), 4, rng)),
        ("photographs", "faces of LFW", [grey(Image.fromarray((face * 255).astype(np.uint8))) for face in np.load(f"{skimage}/lfw_subset.npy")[:100]]),
        ("drawings", "desktop-base", opened(files("/usr/share/desktop-base/**/*.png", "/usr/share/plymouth/**/*.png"), 1, rng)),
        ("drawings", "gnome-icon-theme", opened(files("/usr/share/icons/gnome/256x256/**/*.png")[::2], 0, rng)),
        ("drawings", "adwaita-icon-theme", opened(files("/usr/share/icons/Adwaita/512x512/**/*.png", "/usr/share/icons/Adwaita/256x256/**/*.png")[::2], 0, rng)),
        ("documents", "r-doc-pdf", pages("/usr/share/doc/r-doc-pdf/manual/R-intro.pdf", 1, 60, 1)),
        ("documents", "libtasn1-doc", pages("/usr/share/doc/libtasn1-doc/libtasn1.pdf", 1, 40, 1)),
        ("documents", "siscone-doc-pdf", pages("/usr/share/doc/siscone-doc-pdf/siscone.pdf", 1, 40, 1) if Path("/usr/share/doc/siscone-doc-pdf/siscone.pdf").exists() else []),
        ("documents", "made letters", scanned(rng, 100)),
        ("drawings", "Matplotlib", plots(rng, 100)),
        ("drawings", "made shapes", shapes(rng, 250)),
        ("noise", "white noise", white_noise(rng, 80)),
        ("noise", "clouds", clouds(rng, 250)),
        ("gradients", "gradients", gradients(rng, 150)),
    ]
    return [(kind, source, np.stack(pictures)) for kind, source, pictures in found if pictures]
