"""Enciphered files that pyHanko signs, fills in and signs again.

    python pyhanko_enciphered.py FOLDER

Writes KIND-CASE.pdf for each kind of encryption (`rc4-128`, `aes-128`, `aes-256`) and each case. A
new key is made for each signer; nothing is fetched. All open with the empty user password.
"""

import io
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import keys, x509
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import crypt, generic
from pyhanko.pdf_utils.crypt.permissions import StandardPermissions
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec
from pyhanko_certvalidator.registry import SimpleCertificateStore

WIDGET = "/Type/Annot/Subtype/Widget/P 3 0 R/F 4"
OBJECTS = [
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]/DA(/Helv 12 Tf 0 g)"
    "/DR<</Font<</Helv 5 0 R>>>>>>>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Annots[6 0 R 7 0 R]"
    "/Resources<</Font<</F 5 0 R>>>>>>",
    "<</Length 42>>\nstream\nBT /F 14 Tf 50 740 Td (Price: 100) Tj ET  \nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    f"<<{WIDGET}/FT/Tx/T(amount)/Rect[50 600 350 630]/DA(/Helv 12 Tf 0 g)/V(100)>>",
    f"<<{WIDGET}/FT/Tx/T(remark)/Rect[50 500 350 530]/DA(/Helv 12 Tf 0 g)>>",
]


def plain():
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, text in enumerate(OBJECTS, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def signer(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = cx509.Name([cx509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    certificate = (
        cx509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(cx509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=900))
        .add_extension(
            cx509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def enciphered(kind):
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain()), strict=False))
    if kind == "aes-256":
        writer.encrypt("owner", "")
    else:
        revisions = crypt.StandardSecuritySettingsRevision
        aes = kind == "aes-128"
        handler = crypt.StandardSecurityHandler.build_from_pw_legacy(
            revisions.RC4_OR_AES128 if aes else revisions.RC4_EXTENDED,
            writer._document_id[0].original_bytes,
            "owner",
            "",
            keylen_bytes=16,
            use_aes128=aes,
            perms=StandardPermissions.allow_everything(),
        )
        writer._assign_security_handler(handler)
    return written(writer)


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def later(file):
    writer = IncrementalPdfFileWriter(io.BytesIO(file))
    writer.encrypt("owner")
    return writer


def sign(file, name, who, lock=None, level=None, box=None):
    certifies = {"certify": True, "docmdp_permissions": level} if level else {}
    metadata = signers.PdfSignatureMetadata(
        field_name=name,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason="I agree",
        **certifies,
    )
    out = io.BytesIO()
    field = SigFieldSpec(name, field_mdp_spec=lock, box=box)
    signers.PdfSigner(metadata, signer=who, new_field_spec=field).sign_pdf(
        later(file), output=out, bytes_reserved=4096
    )
    return out.getvalue()


def fill(file, name, value):
    writer = later(file)
    listed = writer.root["/AcroForm"]["/Fields"]
    for field in (listed[place] for place in range(len(listed))):
        field = field.get_object()
        if field["/T"] == name:
            field["/V"] = generic.pdf_string(value)
            writer.update_container(field)
    return written(writer)


def redraw(file, content):
    writer = later(file)
    page = writer.root["/Pages"]["/Kids"][0]
    reference = page.raw_get("/Contents")
    writer.mark_update(reference)
    reference.get_object()._data = content
    reference.get_object()._encoded_data = None
    return written(writer)


def main(folder):
    alice, bob = signer("Alice"), signer("Bob")
    only = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["amount"])
    others = FieldMDPSpec(FieldMDPAction.EXCLUDE, fields=["amount"])
    for kind in ("rc4-128", "aes-128", "aes-256"):
        file = enciphered(kind)
        signed = sign(file, "First", alice)
        locking = sign(file, "First", alice, lock=only)
        leaving = sign(file, "First", alice, lock=others)
        certified = sign(file, "First", alice, level=MDPPerm.FILL_FORMS)
        closed = sign(file, "First", alice, level=MDPPerm.NO_CHANGES)
        same = OBJECTS[3].split("\n")[2].encode()
        cases = {
            "signed": signed,
            "twice": sign(signed, "Second", bob),
            "certified-twice": sign(certified, "Second", bob),
            "filled": fill(signed, "remark", "seen"),
            "filled-over": fill(signed, "amount", "250"),
            "certified-filled": fill(certified, "remark", "seen"),
            "closed-filled": fill(closed, "remark", "seen"),
            "lock-obeyed": fill(locking, "remark", "seen"),
            "lock-broken": fill(locking, "amount", "250"),
            "exclusion-obeyed": fill(leaving, "amount", "250"),
            "exclusion-broken": fill(leaving, "remark", "seen"),
            "marked-over": sign(signed, "Second", bob, box=(60, 735, 200, 755)),
            "marked-beside": sign(signed, "Second", bob, box=(400, 100, 540, 130)),
            "rewritten": redraw(signed, same),
            "redrawn": redraw(signed, same.replace(b"100", b"900")),
        }
        for case, content in cases.items():
            Path(folder, f"{kind}-{case}.pdf").write_bytes(content)


main(sys.argv[1])
