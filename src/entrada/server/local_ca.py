"""TLS for a laptop: a certificate authority that vouches for this machine's names alone, and one certificate by it.

The authority's key signs twice, itself and the certificate, and is dropped: it is never written, so what a person
trusts can sign nothing else, ever.  Should it leak all the same, its critical name constraints (RFC 5280 §4.2.1.10)
hold it to the same names.
"""

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from attrs import frozen
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.server.system_roots import with_system_roots

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
LIFETIME = timedelta(days=820)  # Apple's clients refuse certificates that live longer than 825 days
RENEWED_BEFORE_END = timedelta(days=30)
CLOCKS_DIFFER = timedelta(hours=1)


@frozen
class TlsFiles:
    certificate: Path  # the chain, leaf first
    key: Path
    ca: Path
    bundle: Path  # the system's roots and ours
    made: bool  # just now: who trusted the last one must trust this one


def ensure(folder: Path, names: Iterable[str], now: NumericDate) -> TlsFiles:
    """The files for the machine's own names and *names*, made anew when names or dates no longer fit."""
    wanted = tuple(dict.fromkeys([*OWN_NAMES, *(name.lower().strip("[]") for name in names)]))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = not _serves(folder, wanted, now)
    if made:
        _make(folder, wanted, now)
    bundle = folder / "bundle.pem"
    _write_bundle(bundle, (folder / "ca.pem").read_bytes())
    return TlsFiles(folder / "leaf.pem", folder / "leaf-key.pem", folder / "ca.pem", bundle, made)


def files_in(folder: Path) -> TlsFiles | None:
    """The files as `ensure` left them; None before it ever did."""
    found = TlsFiles(folder / "leaf.pem", folder / "leaf-key.pem", folder / "ca.pem", folder / "bundle.pem", made=False)
    return found if found.ca.exists() and found.bundle.exists() else None


# ---- what is there ----


def _serves(folder: Path, names: Sequence[str], now: NumericDate) -> bool:
    """Whether the files are there, belong together, carry *names* and last.

    They are replaced one by one, so a crash may leave a key beside another key's certificate.
    """
    try:
        leaf, ca = x509.load_pem_x509_certificates((folder / "leaf.pem").read_bytes())
        trusted = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        key = load_pem_private_key((folder / "leaf-key.pem").read_bytes(), password=None)
        leaf.verify_directly_issued_by(ca)
        carried = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    belong = trusted == ca and key.public_key() == leaf.public_key()
    return belong and set(carried) == set(_alternatives(names)) and _lasts(leaf, now)


def _lasts(leaf: x509.Certificate, now: NumericDate) -> bool:
    today = as_datetime(now)
    return leaf.not_valid_before_utc <= today < leaf.not_valid_after_utc - RENEWED_BEFORE_END


# ---- making it ----


def _make(folder: Path, names: Sequence[str], now: NumericDate) -> None:
    ca_key, leaf_key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    ca = _authority(ca_key, names, now)
    leaf = _certificate(leaf_key, ca_key, ca, names, now)
    del ca_key
    ca_pem = ca.public_bytes(Encoding.PEM)
    private = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / "leaf-key.pem", private, 0o600)
    _write(folder / "leaf.pem", leaf.public_bytes(Encoding.PEM) + ca_pem, 0o644)
    _write(folder / "ca.pem", ca_pem, 0o644)


def _authority(key: EllipticCurvePrivateKey, names: Sequence[str], now: NumericDate) -> x509.Certificate:
    # The date tells two of them apart in a browser's list.
    name = _name(f"entrada local CA, {as_datetime(now):%Y-%m-%d %H:%M}")
    signing = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _builder(name, name, now)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signing, critical=True)
        .add_extension(x509.NameConstraints([*_permitted(names)], None), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, SHA256())
    )


def _certificate(
    key: EllipticCurvePrivateKey,
    ca_key: EllipticCurvePrivateKey,
    ca: x509.Certificate,
    names: Sequence[str],
    now: NumericDate,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    authority = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(_name("entrada on this machine"), ca.subject, now)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority), critical=False)
        .sign(ca_key, SHA256())
    )


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(subject: x509.Name, issuer: x509.Name, now: NumericDate) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(as_datetime(now) - CLOCKS_DIFFER)
        .not_valid_after(as_datetime(now) + LIFETIME)
    )


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_general_name(name) for name in names]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _permitted(names: Sequence[str]) -> Iterator[x509.GeneralName]:
    """The names themselves; an address is a network of one."""
    for name in _alternatives(names):
        yield x509.IPAddress(ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


# ---- files ----


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never readable by others for a moment in between."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _write_bundle(bundle: Path, ca: bytes) -> None:
    content = with_system_roots(bundle, ca)
    if not bundle.exists() or bundle.read_bytes() != content:
        _write(bundle, content, 0o644)


# ---- trusting it ----

_CHROMIUM = "mkdir -p $HOME/.pki/nssdb && certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n entrada -i {ca}"
_DEBIAN = "sudo cp {ca} /usr/local/share/ca-certificates/entrada.crt && sudo update-ca-certificates"
_MACOS = "security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {ca}"


def trust_lines(tls: TlsFiles) -> list[tuple[str, str]]:
    """How each kind of client is told to trust it: who, and the line.

    Variables are read when a program starts, so they come before it.
    """
    bundle, ca = shlex.quote(str(tls.bundle.absolute())), shlex.quote(str(tls.ca.absolute()))
    windows_ca = f'"{tls.ca.absolute()}"'
    return [
        ("Python: requests, MSAL, azure-identity", f"export REQUESTS_CA_BUNDLE={bundle}"),
        ("OpenSSL, Python's ssl, httpx, Go", f"export SSL_CERT_FILE={bundle}"),
        ("Node", f"export NODE_EXTRA_CA_CERTS={ca}"),
        ("curl", f"export CURL_CA_BUNDLE={bundle}"),
        ("git", f"export GIT_SSL_CAINFO={bundle}"),
        ("Chromium on Linux", _CHROMIUM.format(ca=ca)),
        ("Linux, all programs (Debian)", _DEBIAN.format(ca=ca)),
        ("macOS, browsers, .NET", _MACOS.format(ca=ca)),
        ("Windows, browsers, .NET", f"certutil -addstore -user Root {windows_ca}"),
        ("Firefox", f"Settings, Certificates, View Certificates, Authorities, Import: {ca}"),
    ]
