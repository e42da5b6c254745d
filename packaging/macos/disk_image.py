"""Signs the bundle for macOS and makes the disk image that a user drags it out of. Needs macOS's own tools.

Without a certificate the signature is made up by the machine ("ad hoc"): it starts only after the user allows
it in the settings. packaging/README.md says how a certificate and a notarisation are given.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

IDENTITY = "MIEN_SIGN_AS"  # names the certificate in the keychain: "Developer ID Application: ..."
PROFILE = "MIEN_NOTARY_PROFILE"  # names what `xcrun notarytool store-credentials` has kept


def sign(bundle: Path) -> None:
    """Signs every file of `bundle` and the bundle itself. Raises CalledProcessError."""
    identity = os.environ.get(IDENTITY, "-")
    how = ["--force", "--deep", "--sign", identity]
    if identity != "-":
        rights = str(Path(__file__).with_name("rights.plist"))
        how += ["--options", "runtime", "--timestamp", "--entitlements", rights]
    subprocess.run(["codesign", *how, str(bundle)], check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", str(bundle)], check=True)


def build(bundle: Path, out: Path) -> Path:
    """The disk image `out` with `bundle` and a link to the programs; notarised where PROFILE says how."""
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["cp", "-R", str(bundle), work], check=True)
        (Path(work) / "Applications").symlink_to("/Applications")
        how = ["-volname", "Mien", "-srcfolder", work, "-format", "UDZO", "-ov", "-quiet"]
        subprocess.run(["hdiutil", "create", *how, str(out)], check=True)
    if profile := os.environ.get(PROFILE):
        asked = ["xcrun", "notarytool", "submit", str(out), "--keychain-profile", profile, "--wait"]
        subprocess.run(asked, check=True)
        subprocess.run(["xcrun", "stapler", "staple", str(out)], check=True)
    return out
