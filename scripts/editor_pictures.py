"""Make the pictures of editors that the READMEs show: `scripts/test-editors pictures`, then this.

Takes what a real VS Code has left in editors/vscode/shots/pictures; writes editors/vscode/media/*.png of
few colours, and docs/searching.webp of both editors' frames, Neovim's drawn anew. Needs Pillow and Chromium.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import neovim_pictures
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "editors/vscode/shots/pictures"
MEDIA = ROOT / "editors/vscode/media"
MOVING = ROOT / "docs/searching.webp"

STILL = ("search-dark", "search-light", "explain-dark", "explain-light")
COLOURS = 96
"""of a still picture: no difference is seen, and 500 kB are all that the extension may have"""

MOVING_COLOURS = 48

RARE = 0.5
"""the power of how often a colour is there by which it counts"""

SIZE = (1000, 620)
BACKGROUND = "14161bff"
"""of Neovim's own dark colour scheme"""

WORD, LAST, END = 450, 1_600, 2_600
"""milliseconds that a frame is shown: a word is typed, a result is looked at, the code is"""


def main() -> None:
    """Write all of them."""
    for name in STILL:
        picture = Image.open(SHOTS / f"{name}.png").convert("RGB")
        few = picture.quantize(palette=_palette([picture], COLOURS), dither=Image.Dither.NONE)
        few.save(MEDIA / f"{name}.png", optimize=True)
    with tempfile.TemporaryDirectory() as folder:
        neovim_pictures.main(Path(folder))
        drawings = sorted(Path(folder).glob("frame-*.svg"))
        films = [_frames(sorted(SHOTS.glob("frame-*.png"))), _frames([_drawn(each) for each in drawings])]
    times = [time for film in films for time in [*[WORD] * (len(film) - 3), LAST, LAST, END]]
    first, *others = (
        picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")
        for film in films
        for palette in [_palette(film, MOVING_COLOURS)]
        for picture in film
    )
    first.save(
        MOVING,
        save_all=True,
        append_images=others,
        duration=times,
        loop=0,
        lossless=True,
        quality=60,
        method=4,
    )
    sys.stdout.write(
        f"{MOVING.relative_to(ROOT)}: {MOVING.stat().st_size / 1e3:.0f} kB, {len(times)} frames\n"
    )


def _palette(pictures: list[Image.Image], colours: int) -> Image.Image:
    """The colours that do for these. A small word in orange counts for more than its share of a dark picture."""
    counts: Counter[tuple[int, ...]] = Counter()
    for picture in pictures:
        counts.update({colour: count for count, colour in picture.getcolors(1 << 24)})
    weighed = [colour for colour, count in counts.items() for _ in range(max(1, round(count**RARE)))]
    sample = Image.new("RGB", (len(weighed), 1))
    sample.putdata(weighed)
    return sample.quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=2)


def _frames(files: list[Path]) -> list[Image.Image]:
    return [Image.open(file).convert("RGB") for file in files]


def _drawn(drawing: Path) -> Path:
    """The picture of an SVG."""
    file = drawing.with_suffix(".png")
    given = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    given += [
        f"--default-background-color={BACKGROUND}",
        f"--screenshot={file}",
        f"--user-data-dir={drawing.parent}/chromium",
    ]
    subprocess.run(
        ["chromium", *given, f"--window-size={SIZE[0]},{SIZE[1]}", drawing.as_uri()],
        check=True,
        capture_output=True,
    )
    return file


if __name__ == "__main__":
    main()
