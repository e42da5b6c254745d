"""Writes the bill of materials of a download, as CycloneDX's JSON; the same parts give the same bytes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from licences import Part
from packageurl import PackageURL

NAMESPACE = uuid.UUID("5b1f0e4e-7d0c-5d55-9b4e-3a3f6f0a6f0d")  # of Mien's bills alone


def write(parts: Iterable[Part], version: str, when: int, out: Path) -> None:
    """Writes `out`, which lists `parts` as what Mien `version` is made of; `when`: seconds since 1970."""
    mien = Component(
        name="mien", version=version, type=ComponentType.APPLICATION, bom_ref="mien",
        licenses=[LicenseFactory().make_with_expression("Apache-2.0")],
    )  # fmt: skip
    components = [_component(part) for part in parts]
    bill = Bom(components=components)
    bill.metadata.component = mien
    bill.metadata.timestamp = datetime.fromtimestamp(when, UTC)
    bill.metadata.tools.components.clear()
    bill.serial_number = uuid.uuid5(NAMESPACE, " ".join(sorted(str(c.purl) for c in components)))
    bill.register_dependency(mien, components)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", "utf-8")


def _component(part: Part) -> Component:
    url = PackageURL(part.origin, "debian" if part.origin == "deb" else None, part.name.lower(), part.version)
    licence = LicenseFactory().make_from_string(part.licence)
    return Component(
        name=part.name, version=part.version, type=ComponentType.LIBRARY, purl=url, bom_ref=str(url),
        licenses=[licence],
    )  # fmt: skip
