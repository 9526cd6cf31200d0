"""Machine access: certificates issued, registered, revoked; the second listener for real."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apps.platform.accounts.models import User
from apps.platform.sign_in import services
from apps.platform.sign_in.models import PartyCertificate
from apps.platform.sign_in.services.certificates import certificate_user, ensure_authority, folder

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime.now(UTC)


def request_of(name="machine"):
    key = ec.generate_private_key(ec.SECP256R1())
    asked = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return asked.public_bytes(serialization.Encoding.PEM).decode(), pem.decode()


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.mark.django_db
class TestDesk:
    """What an administrator does on the page of an organisation."""

    def issue(self, person, name="sc.bay"):
        asked, _ = request_of()
        return services.issue_certificate(
            request_pem=asked, user=person(name), actor=person("iso.admin"), at=NOW
        )

    def test_a_request_is_signed_and_known_by_its_fingerprint(self, home, person):
        kept = self.issue(person)
        assert (kept.party.code, kept.user.username) == ("SYN_LSE_BAY", "sc.bay")
        found = x509.load_pem_x509_certificate(kept.pem.encode())
        der = found.public_bytes(serialization.Encoding.DER)
        assert certificate_user(der=der, at=NOW) == kept
        assert certificate_user(der=der, at=NOW + timedelta(days=400)) is None
        assert certificate_user(der=b"another", at=NOW) is None
        assert (folder() / "authority.key").stat().st_mode & 0o077 == 0

    def test_a_revoked_certificate_is_refused_and_listed(self, home, person):
        kept = self.issue(person)
        with pytest.raises(services.CertificateRefused, match="Say why"):
            services.revoke_certificate(
                certificate=kept, actor=person("iso.admin"), at=NOW, reason=" "
            )
        services.revoke_certificate(
            certificate=kept, actor=person("sc.bay.admin"), at=NOW, reason="machine sold"
        )
        der = x509.load_pem_x509_certificate(kept.pem.encode())
        assert certificate_user(der=der.public_bytes(serialization.Encoding.DER), at=NOW) is None
        listed = x509.load_pem_x509_crl((home / "machines" / "revoked.pem").read_bytes())
        assert [f"{r.serial_number:x}" for r in listed] == [kept.serial]

    def test_another_partys_administrator_manages_nothing_here(self, home, person):
        kept = self.issue(person, "sc.sunset")
        asked, _ = request_of()
        bay = person("sc.bay.admin")
        with pytest.raises(services.CertificateRefused, match="own organisation"):
            services.revoke_certificate(certificate=kept, actor=bay, at=NOW, reason="x")
        with pytest.raises(services.CertificateRefused, match="own organisation"):
            services.issue_certificate(
                request_pem=asked, user=person("sc.sunset"), actor=bay, at=NOW
            )

    @pytest.mark.parametrize("text", ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"])
    def test_nonsense_is_refused_with_what_to_do(self, home, person, text):
        for action in (
            lambda: services.issue_certificate(
                request_pem=text, user=person("sc.bay"), actor=person("iso.admin"), at=NOW
            ),
            lambda: services.register_certificate(
                pem=text, user=person("sc.bay"), actor=person("iso.admin"), at=NOW
            ),
        ):
            with pytest.raises(services.CertificateRefused, match="PEM"):
                action()

    def test_the_same_by_api_and_command_line(self, home, as_user, tmp_path, capsys):
        from django.core.management import CommandError, call_command

        asked, _ = request_of()
        client = as_user("sc.bay.admin")
        body = {"acts_as": "sc.bay", "request_pem": asked}
        made = client.post("/api/v1/certificates/issue/", body)
        assert (made.status_code, made.json()["party"]) == (201, "SYN_LSE_BAY")
        other = client.post("/api/v1/certificates/issue/", body | {"acts_as": "sc.sunset"})
        assert other.status_code == 404
        wrong = client.post("/api/v1/certificates/issue/", body | {"request_pem": "x"})
        assert (wrong.status_code, wrong.json()["code"]) == (400, "CERT-REFUSED")
        address = f"/api/v1/certificates/{made.json()['id']}/revoke/"
        assert client.post(address, {"reason": "sold"}).json()["revoked_at"]
        file = tmp_path / "m.csr"
        file.write_text(request_of()[0])
        call_command("certificate", "issue", str(file), "--for", "sc.bay", "--as", "iso.admin")
        assert "BEGIN CERTIFICATE" in capsys.readouterr().out
        serial = PartyCertificate.objects.filter(revoked_at=None).get().serial
        with pytest.raises(CommandError, match="Say why"):
            call_command("certificate", "revoke", serial, "--as", "iso.admin")
        call_command("certificate", "revoke", serial, "--as", "sc.bay.admin", "--reason", "x")
        assert not PartyCertificate.objects.filter(revoked_at=None).exists()

    def test_the_page_signs_lists_and_revokes(self, home, as_user, person):
        client = as_user("sc.bay.admin")
        bay = person("sc.bay")
        asked, _ = request_of()
        done = client.post(f"/parties/{bay.party_id}/certificates/", {"user": bay.pk, "pem": asked})
        kept = PartyCertificate.objects.get()
        assert done["Location"] == f"/certificates/{kept.pk}/file/"
        assert client.get(done["Location"]).content.startswith(b"-----BEGIN CERTIFICATE")
        assert kept.serial[:10] in client.get(f"/parties/{bay.party_id}/").content.decode()
        assert as_user("sc.sunset").get(f"/certificates/{kept.pk}/file/").status_code == 403
        client = as_user("sc.bay.admin")
        client.post(f"/certificates/{kept.pk}/revoke/", {"reason": "lost"})
        page = client.get(f"/parties/{bay.party_id}/").content.decode()
        assert "REVOKED" in page
        assert "is revoked: lost" in page


@pytest.mark.django_db(transaction=False)
def test_the_second_listener_takes_a_good_certificate_only(
    home, person, django_db_blocker, tmp_path
):
    """A real TLS server with client certificates: good, missing, strange, revoked."""
    ensure_authority(at=NOW)
    asked, key = request_of()
    kept = services.issue_certificate(
        request_pem=asked, user=person("sc.bay"), actor=person("iso.admin"), at=NOW
    )
    (tmp_path / "m.pem").write_text(kept.pem + key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = tmp_path / "said.py"
    app.write_text(
        "import hashlib\n"
        "def application(environ, start):\n"
        "    der = environ['gunicorn.socket'].getpeercert(binary_form=True)\n"
        "    start('200 OK', [('Content-Type', 'text/plain')])\n"
        "    return [hashlib.sha256(der).hexdigest().encode()]\n"
    )
    env = os.environ | {"RMRCPM_HOME": str(home), "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "rmrcpm/machine_door.py",
            "-b",
            f"127.0.0.1:{port}",
            "said:application",
        ],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def ask(pem):
        context = ssl.create_default_context(cafile=str(home / "machines" / "authority.pem"))
        if pem:
            context.load_cert_chain(pem)
        with urllib.request.urlopen(
            f"https://localhost:{port}/", context=context, timeout=5
        ) as answer:
            return answer.read().decode()

    try:
        for _ in range(100):
            try:
                assert ask(str(tmp_path / "m.pem")) == kept.fingerprint
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        else:
            pytest.fail("the listener does not answer")
        with pytest.raises(OSError):  # noqa: PT011  (TLS ends it in one of several ways)
            ask(None)
        services.revoke_certificate(
            certificate=kept, actor=person("iso.admin"), at=datetime.now(UTC), reason="lost"
        )
        with pytest.raises(OSError):  # noqa: PT011
            ask(str(tmp_path / "m.pem"))
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.django_db
def test_a_machine_reads_as_its_person_behind_the_wall(home, person, client, settle):
    settle()
    asked, _ = request_of()
    kept = services.issue_certificate(
        request_pem=asked, user=person("sc.bay"), actor=person("iso.admin"), at=NOW
    )

    class Socket:
        def getpeercert(self, binary_form):
            found = x509.load_pem_x509_certificate(kept.pem.encode())
            return found.public_bytes(serialization.Encoding.DER)

    extra = {"gunicorn.socket": Socket()}
    answer = client.get("/api/v1/whoami/", **extra)
    assert answer.json()["username"] == "sc.bay"
    rows = client.get("/api/v1/statements/", **extra).json()["results"]
    assert {r["sc__code"] for r in rows} == {"SYN_LSE_BAY"}
    User.objects.filter(username="sc.bay").update(is_active=False)
    assert client.get("/api/v1/whoami/", **extra).status_code == 401
