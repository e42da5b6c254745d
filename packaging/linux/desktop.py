"""What a Linux desktop reads of Mien: the entry of its menu, and the description for software centres."""

from __future__ import annotations

ENTRY = """[Desktop Entry]
Type=Application
Name=Mien
GenericName=Face reader
Comment=Read expressions, valence and arousal from faces, live
Exec=mien %f
MimeType=video/mp4;video/x-matroska;video/quicktime;video/x-msvideo;video/webm;
Icon=mien
Terminal=false
Categories=Science;AudioVideo;
Keywords=face;emotion;expression;camera;
StartupWMClass=mien
"""
METAINFO = """<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>io.github.mien</id>
  <name>Mien</name>
  <summary>Reads faces live: eye centres, expression, valence and arousal</summary>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>Apache-2.0</project_license>
  <developer id="io.github.mien"><name>The Mien developers</name></developer>
  <description>
    <p>A camera or a video goes in; for every face Mien shows the centres of the eyes, the expression, and how
    pleasant and how excited it looks, plots them as they change, and records them.</p>
    <p>Nothing leaves the computer.</p>
  </description>
  <launchable type="desktop-id">mien.desktop</launchable>
  <content_rating type="oars-1.1"/>
  <releases><release version="{version}" date="{date}"/></releases>
</component>
"""
