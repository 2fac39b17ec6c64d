"""Asks pyHanko and pdfsig about mutants of signed files, and renders those that we call intact.

Arguments: the folder that the example `mutations` wrote, how many processes to use, and of how many
mutants one is asked about (1: every one). What we call intact is always asked about. Reads
`ours.tsv` there, writes `peers.tsv` (one line a mutant, as it goes, so that it can be continued) and
prints the tables of `docs/mutations.md`.
"""

import hashlib
import logging
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

SECONDS_MAX = 60


def ask_pyhanko(path: Path) -> str:
    """`accepts` if every signature is intact and valid, covers its revision, and allows what came."""
    try:
        reader = PdfFileReader(BytesIO(path.read_bytes()), strict=False)
        signatures = reader.embedded_signatures
        if not signatures:
            return "no-signature"
        for signature in signatures:
            own = [signature.signer_cert] if signature.signer_cert else []
            context = ValidationContext(trust_roots=own, allow_fetching=False)
            if signature.sig_object.get("/Type", None) == "/DocTimeStamp":
                state = validate_pdf_timestamp(signature, validation_context=context)
            else:
                state = validate_pdf_signature(signature, signer_validation_context=context)
            if not (state.intact and state.valid):
                return "refuses"
            if state.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
                return "refuses"
            level = state.modification_level
            if level is not None and level > ModificationLevel.FORM_FILLING:
                return "refuses"
            if getattr(state, "docmdp_ok", True) is False:
                return "refuses"
        return "accepts"
    except Exception:  # what cannot be read is refused, whatever is thrown
        return "refuses"


def ask_pdfsig(path: Path) -> str:
    """`accepts` if every signature is valid, whatever it covers."""
    try:
        ran = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        return "refuses"
    lines = ran.stdout.decode("utf-8", "replace").splitlines()
    said = [line.split(":", 1)[1].strip() for line in lines if "Signature Validation:" in line]
    if not said:
        return "no-signature"
    return "accepts" if all(one == "Signature is Valid." for one in said) else "refuses"


def looks(path: Path) -> tuple[str, str]:
    """Digests of what is shown at 50 dots an inch, and of the text."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = hashlib.sha256()
        try:
            subprocess.run(
                ["pdftoppm", "-r", "50", str(path), folder + "/p"],
                capture_output=True,
                timeout=SECONDS_MAX,
                check=False,
            )
            pages = sorted(Path(folder).iterdir())
            for page in pages:
                drawn.update(page.name.encode() + page.read_bytes())
            text = subprocess.run(
                ["pdftotext", "-layout", str(path), "-"],
                capture_output=True,
                timeout=SECONDS_MAX,
                check=False,
            ).stdout
        except subprocess.TimeoutExpired:
            return "too-slow", "too-slow"
    return drawn.hexdigest(), hashlib.sha256(text).hexdigest()


def ask(task: tuple[Path, str, str]) -> str:
    folder, name, intact = task
    path = folder / f"{name}.pdf"
    shown = looks(path) if intact == "yes" else ("-", "-")
    return "\t".join([name, ask_pyhanko(path), ask_pdfsig(path), *shown])


def read(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.split("\t") for line in lines]


def is_asked(row: list[str], share: int) -> bool:
    """Of mutants one in `share`, by a digest of the number: nobody's choice, and spread evenly."""
    digest = hashlib.sha256(row[0].encode()).digest()
    return row[4] == "original" or row[5] == "yes" or digest[0] * 256 + digest[1] < 65536 // share


def print_tables(ours: list[list[str]], peers: dict[str, list[str]]) -> None:
    originals = {row[1]: peers[row[0]] for row in ours if row[4] == "original"}
    kinds: dict[str, Counter] = defaultdict(Counter)
    visible, agreements = [], Counter()
    for name, index, file, _, kind, intact, crypto, reasons, changes, _ in ours:
        if kind == "original":
            continue
        count = kinds[kind]
        count["mutants"] += 1
        count["intact " + intact] += 1
        count["crypto " + crypto] += 1
        if name not in peers:
            continue
        pyhanko, pdfsig, drawn, text = peers[name][1:5]
        count["asked"] += 1
        count["pyHanko"] += pyhanko == "accepts"
        count["pdfsig"] += pdfsig == "accepts"
        if intact == "yes":
            before = originals[index]
            count["drawn"] += drawn != before[3]
            count["text"] += text != before[4]
            if (drawn, text) != (before[3], before[4]):
                visible.append([name, kind, file, changes, drawn != before[3], text != before[4]])
        said = (intact, pyhanko == "accepts", pdfsig == "accepts")
        agreements[said + (kind.split("/")[0],)] += 1
    print("| mutation | mutants | ours: intact | values hold | asked | pyHanko | pdfsig | seen |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind, count in kinds.items():
        seen = f"{count['drawn']} / {count['text']}"
        cells = [count["mutants"], count["intact yes"], count["crypto yes"]]
        cells += [count["asked"], count["pyHanko"], count["pdfsig"], seen]
        print(f"| {kind} | " + " | ".join(str(cell) for cell in cells) + " |")
    print("\nours, pyHanko accepts, pdfsig accepts, family: mutants")
    for said, many in sorted(agreements.items(), key=str):
        print(*said, many, sep="\t")
    print("\ncalled intact, and looks or reads otherwise")
    for row in visible:
        print(*row, sep="\t")


def main() -> None:
    folder, processes, share = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    logging.disable(logging.CRITICAL)
    ours = read(folder / "ours.tsv")
    kept = folder / "peers.tsv"
    known = {row[0]: row for row in read(kept)}
    tasks = [(folder, row[0], row[5]) for row in ours if row[0] not in known and is_asked(row, share)]
    with kept.open("a", encoding="utf-8") as out, Pool(processes) as pool:
        for line in pool.imap(ask, tasks, chunksize=8):
            out.write(line + "\n")
            out.flush()
            row = line.split("\t")
            known[row[0]] = row
    print_tables(ours, known)


if __name__ == "__main__":
    main()
