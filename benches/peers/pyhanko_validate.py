"""Prints the CPU seconds that pyHanko needs to validate a signed PDF, one line a round.

Arguments: the PDF, a PEM file of anchors, the moment of validation (RFC 3339).
"""

import sys
import time
from datetime import datetime
from io import BytesIO

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

REPEATS = 20
ROUNDS = 7


def main() -> None:
    path, anchors, moment = sys.argv[1:4]
    with open(path, "rb") as file:
        content = file.read()
    roots = list(load_certs_from_pemder([anchors]))
    at = datetime.fromisoformat(moment.replace("Z", "+00:00"))

    def validate() -> None:
        context = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
        signature = PdfFileReader(BytesIO(content)).embedded_signatures[0]
        status = validate_pdf_signature(signature, signer_validation_context=context)
        assert status.intact and status.valid, status

    validate()
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(REPEATS):
            validate()
        print((time.process_time() - before) / REPEATS)


main()
