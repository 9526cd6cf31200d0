"""Client certificates of parties: issued by this site or registered, revoked, listed as revoked.

The site keeps a small certificate authority in its own folder (``RMRCPM_HOME/machines``): it signs
what parties ask for and the revocation list that the second listener reads at each connection.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pghistory
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.db import transaction

from apps.platform.accounts.codes import APPROVERS, SERVICE_ACCOUNTS
from apps.platform.accounts.models import Party, User
from apps.platform.audit.selectors import independent_after
from apps.platform.audit.services import log_event
from apps.platform.core.unseen import seen_text
from apps.platform.notifications.services import tell
from apps.platform.sign_in.models import PartyCertificate
from apps.platform.sign_in.selectors import certificates_acting_as, may_manage

CERTIFICATE_DAYS = 365
AUTHORITY_DAYS = 3650
REVOCATION_LIST_DAYS = 30


class CertificateRefused(ValueError):
    """A certificate or request cannot be taken; the message says why."""


def folder() -> Path:
    """Return the folder of the authority, made private where it is missing."""
    found = Path(settings.HOME) / "machines"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _keep(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    temporary.replace(path)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def ensure_authority(*, at: datetime, hosts: tuple[str, ...] = ("localhost", "127.0.0.1")) -> Path:
    """Make authority, server certificate and an empty revocation list where they are missing."""
    place = folder()
    if not (place / "authority.pem").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        own = (
            _builder(
                _name("rmrcpm machine access"),
                _name("rmrcpm machine access"),
                key.public_key(),
                at,
                AUTHORITY_DAYS,
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        _keep(place / "authority.key", _key_pem(key))
        _keep(place / "authority.pem", own.public_bytes(serialization.Encoding.PEM))
    if not (place / "server.pem").exists():
        authority, signer = _authority()
        key = ec.generate_private_key(ec.SECP256R1())
        names = [_host(h) for h in hosts]
        server = (
            _builder(_name(hosts[0]), authority.subject, key.public_key(), at, CERTIFICATE_DAYS)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _keep(place / "server.key", _key_pem(key))
        _keep(place / "server.pem", server.public_bytes(serialization.Encoding.PEM))
    write_revocation_list(at=at)
    return place


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: CertificatePublicKeyTypes,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=days))
    )


def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    place = folder()
    key = serialization.load_pem_private_key((place / "authority.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate((place / "authority.pem").read_bytes()), key


def write_revocation_list(*, at: datetime) -> Path:
    """Write the list of revoked serials that the second listener checks at every connection."""
    authority, key = _authority()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(at - timedelta(minutes=5))
        .next_update(at + timedelta(days=REVOCATION_LIST_DAYS))
    )
    revoked = PartyCertificate.objects.filter(issued_here=True, revoked_at__isnull=False)
    for serial, moment in revoked.values_list("serial", "revoked_at"):
        assert moment is not None
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(int(serial, 16))
            .revocation_date(moment)
            .build()
        )
    path = folder() / "revoked.pem"
    content = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    _keep(path, content)
    return path


@transaction.atomic
def issue_certificate(
    *, request_pem: str, user: User, actor: User, at: datetime
) -> PartyCertificate:
    """Sign a party's certificate request; the private key never leaves the party.

    Raises CertificateRefused for what is no valid request, or a person of another party.
    """
    ensure_authority(at=at)
    try:
        asked = x509.load_pem_x509_csr(request_pem.encode())
        public = asked.public_key()
        valid = asked.is_signature_valid
    except ValueError as trouble:
        raise CertificateRefused(
            "This is no certificate request in PEM form. Make one with: openssl req -new -newkey "
            "ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout machine.key -out machine.csr"
        ) from trouble
    if not valid:
        raise CertificateRefused("The request is not signed with its own key.")
    party = _party_of(user, actor)
    authority, signer = _authority()
    made = (
        _builder(
            _name(f"{party.code} {user.username}"), authority.subject, public, at, CERTIFICATE_DAYS
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return _store(made, party, user, actor, at, issued_here=True)


@transaction.atomic
def register_certificate(*, pem: str, user: User, actor: User, at: datetime) -> PartyCertificate:
    """Accept a certificate that another authority issued (one the listener is told to trust)."""
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError as trouble:
        raise CertificateRefused("This is no certificate in PEM form.") from trouble
    if found.not_valid_after_utc <= at:
        raise CertificateRefused("This certificate has expired.")
    return _store(found, _party_of(user, actor), user, actor, at, issued_here=False)


def _party_of(user: User, actor: User) -> Party:
    if user.party is None or not may_manage(actor.viewer(), user.party.pk):
        raise CertificateRefused("You may manage the machines of your own organisation only.")
    if not user.is_active:
        raise CertificateRefused(f"{user.username} is not active.")
    if user.username in SERVICE_ACCOUNTS:
        raise CertificateRefused(f"{user.username} acts for the product; no machine acts as it.")
    if user.viewer().may(APPROVERS):
        raise CertificateRefused(
            f"{user.username} may approve; a machine acts for somebody who may not, as its key is "
            "in the hands of whoever registers it."
        )
    return user.party


def _store(
    made: x509.Certificate,
    party: Party,
    user: User,
    actor: User,
    at: datetime,
    *,
    issued_here: bool,
) -> PartyCertificate:
    der = made.public_bytes(serialization.Encoding.DER)
    fingerprint = hashlib.sha256(der).hexdigest()
    if PartyCertificate.objects.filter(fingerprint=fingerprint).exists():
        raise CertificateRefused("This certificate is registered already.")
    with pghistory.context(user=actor.pk):
        kept = PartyCertificate.objects.create(
            party=party,
            user=user,
            fingerprint=fingerprint,
            subject=made.subject.rfc4514_string()[:200],
            serial=f"{made.serial_number:x}",
            pem=made.public_bytes(serialization.Encoding.PEM).decode(),
            not_before=made.not_valid_before_utc,
            not_after=made.not_valid_after_utc,
            issued_here=issued_here,
            registered_by=actor,
            registered_at=at,
        )
    log_event(
        action="sign_in.certificate.issued" if issued_here else "sign_in.certificate.registered",
        sentence=f"{party.code}: machine certificate {kept.serial[:16]} acts as {user.username} "
        f"until {kept.not_after:%Y-%m-%d}",
        actor=actor,
        at=at,
        subject=party,
    )
    if actor.pk != user.pk:
        log_event(
            action="sign_in.person.certificate_made",
            sentence=f"{actor.username} had a machine certificate made that acts as "
            f"{user.username} until {kept.not_after:%Y-%m-%d}; until "
            f"{independent_after(at=at).days} days after its end they do not count as two people",
            actor=actor,
            at=at,
            subject=user,
        )
        tell(
            [user],
            topic="access-changed",
            title="A machine certificate acts as you",
            at=at,
            body=f"By {actor.username}, until {kept.not_after:%Y-%m-%d}. If you did not ask for "
            "it, speak to them.",
        )
    return kept


@transaction.atomic
def revoke_certificate(
    *, certificate: PartyCertificate, actor: User, at: datetime, reason: str
) -> PartyCertificate:
    """Refuse a certificate from now on, here at once and in the listener's revocation list."""
    if not may_manage(actor.viewer(), certificate.party_id):
        raise CertificateRefused("You may manage the machines of your own organisation only.")
    if not seen_text(reason):
        raise CertificateRefused("Say why; the reason is kept.")
    if certificate.revoked_at is not None:
        return certificate
    with pghistory.context(user=actor.pk):
        certificate.revoked_at, certificate.revoked_why = at, seen_text(reason)[:300]
        certificate.save(update_fields=["revoked_at", "revoked_why"])
    if certificate.issued_here:
        write_revocation_list(at=at)
    log_event(
        action="sign_in.certificate.revoked",
        sentence=f"{certificate.party.code}: certificate {certificate.serial[:16]} is revoked: "
        f"{seen_text(reason)[:200]}",
        actor=actor,
        at=at,
        subject=certificate.party,
    )
    return certificate


def certificate_user(*, der: bytes, at: datetime) -> PartyCertificate | None:
    """Return the registered certificate a machine came with, or None where it may not enter.

    Nor may it where its person has become somebody who may approve since it was registered.
    """
    fingerprint = hashlib.sha256(der).hexdigest()
    found = (
        PartyCertificate.objects.select_related("user__party")
        .filter(fingerprint=fingerprint, revoked_at=None, user__is_active=True)
        .first()
    )
    if found is None or found.user.viewer().may(APPROVERS):
        return None
    return found if found.not_before <= at < found.not_after else None


def no_machine_approves(*, user: User, roles: Iterable[str], at: datetime) -> None:
    """Raise CertificateRefused where roles that approve would be given to a machine's account."""
    found = certificates_acting_as(user, at).first()
    if found is not None and APPROVERS & set(roles):
        raise CertificateRefused(
            f"A machine acts as {user.username} (certificate {found.serial[:16]}, valid until "
            f"{found.not_after:%Y-%m-%d}), and a machine never approves. Revoke its certificates "
            f"on the page of {found.party.code}, then give the role."
        )
