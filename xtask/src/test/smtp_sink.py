"""A mail server for tests: it accepts everything and keeps it, one file a mail.

usage: smtp_sink.py FOLDER PORT STARTTLS_PORT

Mails appear whole in FOLDER/new (written to FOLDER/tmp first), named by their order, with the
envelope in front as X-Envelope-From and X-Envelope-To. The second port demands STARTTLS and the
login chancery / test; its certificate for localhost is signed by FOLDER/ca.pem.

A recipient chooses the answer: tempfail@… gets 451, permfail@… gets 550, anything else 250.
"""

import datetime
import ipaddress
import itertools
import pathlib
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REFUSALS = {"tempfail": "451 try again later", "permfail": "550 no such mailbox"}


class Sink:
    """Keeps what arrives."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = REFUSALS.get(address.split("@")[0])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):06}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        written = self.folder / "tmp" / name
        written.write_bytes(head.encode() + envelope.original_content)
        written.rename(self.folder / "new" / name)
        return "250 kept"


def certificate(folder):
    """A certificate authority and a server certificate for localhost, valid for a day."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def issue(common_name, key, issuer_name, issuer_key, authority):
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer_name or name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = issue("Chancery test mail authority", authority_key, None, authority_key, True)
    key = ec.generate_private_key(ec.SECP256R1())
    server = issue("localhost", key, authority.subject, authority_key, False)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + server.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    return context


def authenticate(server, session, envelope, mechanism, login):
    known = login.login == b"chancery" and login.password == b"test"
    # Not handled: the server itself answers 535, which it would otherwise leave to us.
    return AuthResult(success=known, handled=known)


def main():
    folder, port, starttls_port = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for part in ("tmp", "new"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    sink = Sink(folder)
    plain = Controller(sink, hostname="127.0.0.1", port=port)
    secure = Controller(
        sink,
        hostname="127.0.0.1",
        port=starttls_port,
        tls_context=certificate(folder),
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    plain.start()
    secure.start()
    signal.sigwait(ends)
    plain.stop()
    secure.stop()


if __name__ == "__main__":
    main()
