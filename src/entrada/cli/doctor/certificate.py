"""Is the certificate valid today and for a while, for the names we are reached by, and does its key belong to it?"""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.core.jose.numeric_date import NumericDate, as_datetime

_SOON: Final = timedelta(days=21)


def certificate(patient: Patient) -> Iterator[Finding]:
    settings = patient.place.settings
    if patient.place.development:
        tls = patient.place.folder / "tls"
        chain, key, advice = tls / "leaf.pem", tls / "leaf-key.pem", "The next `entrada up` makes another."
        if not chain.exists():
            return
    elif settings.tls_certificate:
        chain, key, advice = Path(settings.tls_certificate), Path(settings.tls_key), "Renew it, then restart."
    else:
        return
    try:
        leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
        belongs = load_pem_private_key(key.read_bytes(), password=None).public_key() == leaf.public_key()
    except (OSError, ValueError, TypeError):
        yield Finding(Level.BAD, f"the certificate {chain} or its key {key} cannot be read", advice)
        return
    if not belongs:
        yield Finding(Level.BAD, f"the key {key} does not belong to the certificate {chain}", advice)
    yield _dates(leaf, patient.now, advice)
    yield _names(leaf, urlsplit(settings.origin).hostname or "")


def _dates(leaf: x509.Certificate, now: NumericDate, advice: str) -> Finding:
    today, end = as_datetime(now), leaf.not_valid_after_utc
    if today < leaf.not_valid_before_utc:
        return Finding(
            Level.BAD, f"the certificate is valid from {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC", advice
        )
    if today >= end:
        return Finding(Level.BAD, f"the certificate ended on {end:%Y-%m-%d}", advice)
    if today >= end - _SOON:
        return Finding(Level.WARNING, f"the certificate ends on {end:%Y-%m-%d}", advice)
    return Finding(Level.GOOD, f"the certificate is valid until {end:%Y-%m-%d}")


def _names(leaf: x509.Certificate, host: str) -> Finding:
    names = _carried(leaf)
    if any(_matches(name, host) for name in names):
        return Finding(Level.GOOD, f"the certificate is for {', '.join(names)}")
    said = ", ".join(names) or "no name at all"
    return Finding(
        Level.BAD, f"the certificate is for {said}, not for {host}", "Clients refuse it: get one for that name."
    )


def _carried(leaf: x509.Certificate) -> list[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(one) for one in names.get_values_for_type(x509.IPAddress)]
    return [*names.get_values_for_type(x509.DNSName), *addresses]


def _matches(name: str, host: str) -> bool:
    """A wildcard stands for one label.  RFC 9525 §6.3"""
    if name.startswith("*.") and not _is_address(host):
        return host.partition(".")[2].lower() == name[2:].lower()
    return name.lower() == host.lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
