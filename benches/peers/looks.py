"""Shows mutants of signed files in two more readers: PDFium (that of Chromium) and MuPDF.

Argument: the folder that the example `mutations` wrote. Needs pypdfium2 and pymupdf. Prints every
mutant that we call intact and that one of them draws or reads otherwise than its original, or that
one of them refuses; then how many were looked at.
"""

import hashlib
import sys
from pathlib import Path

import pymupdf
import pypdfium2

DOTS_AN_INCH = 50


def by_pdfium(path: Path) -> tuple[str, str]:
    drawn, read = hashlib.sha256(), hashlib.sha256()
    try:
        document = pypdfium2.PdfDocument(path)
        document.init_forms()
        for page in document:
            drawn.update(page.render(scale=DOTS_AN_INCH / 72).to_numpy().tobytes())
            read.update(page.get_textpage().get_text_bounded().encode())
    except Exception as error:  # whatever it says, it shows nothing
        return type(error).__name__, str(error)
    return drawn.hexdigest(), read.hexdigest()


def by_mupdf(path: Path) -> tuple[str, str]:
    drawn, read = hashlib.sha256(), hashlib.sha256()
    try:
        for page in pymupdf.open(path):
            drawn.update(page.get_pixmap(dpi=DOTS_AN_INCH).samples)
            read.update(page.get_text().encode())
    except Exception as error:
        return type(error).__name__, str(error)
    return drawn.hexdigest(), read.hexdigest()


def main() -> None:
    folder = Path(sys.argv[1])
    pymupdf.TOOLS.mupdf_display_errors(False)
    lines = (folder / "ours.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    readers = {"PDFium": by_pdfium, "MuPDF": by_mupdf}
    originals = {}
    for row in rows:
        if row[4] == "original":
            path = folder / f"{row[0]}.pdf"
            originals[row[1]] = {name: look(path) for name, look in readers.items()}
    looked = 0
    for name, index, file, _, kind, intact, _, _, changes, _ in rows:
        if kind == "original" or intact != "yes":
            continue
        looked += 1
        for reader, look in readers.items():
            now, before = look(folder / f"{name}.pdf"), originals[index][reader]
            if now != before:
                what = f"drawn {now[0] != before[0]}, read {now[1] != before[1]}"
                print(name, kind, file, changes, reader, what, sep="\t", flush=True)
    print(f"looked at {looked}")


if __name__ == "__main__":
    main()
