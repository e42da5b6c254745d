"""How the pages look, on a screen and on paper, in the colours of the window's light theme."""

from app.system.palette import LIGHT

_COLOURS = f"""
:root {{ --text: {LIGHT.text}; --quiet: {LIGHT.quiet}; --line: {LIGHT.line}; --ground: {LIGHT.ground};
  --panel: {LIGHT.panel}; --warning: {LIGHT.warning}; }}
"""
_RULES = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 Inter, "Segoe UI", system-ui,
  -apple-system, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 36px 24px 60px; }
header { margin-bottom: 22px; }
header p { max-width: none; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 12px; break-after: avoid; }
h3 { font-size: 16px; margin: 0 0 2px; }
p { margin: 0 0 8px; max-width: 78ch; }
.quiet, figcaption, .note { color: var(--quiet); font-size: 13.5px; }
.warning { border-left: 4px solid var(--warning); background: #fff6e5; padding: 10px 14px;
  border-radius: 4px; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px;
  margin: 0 0 18px; break-inside: avoid; }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 10px;
  margin: 0 0 18px; }
.key div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; }
.key b { display: block; font-size: 25px; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; }
.key span { color: var(--quiet); font-size: 13px; }
.person { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px 34px;
  align-items: center; }
.person + .person { border-top: 1px solid var(--line); margin-top: 20px; padding-top: 18px; }
.person > header { grid-column: 1 / -1; margin: 0; }
.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px 34px; }
.dot { display: inline-block; width: 12px; height: 12px; border-radius: 50%; margin-right: 8px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 0; font-size: 13.5px;
  color: var(--quiet); }
.legend .dot { margin-right: 6px; width: 10px; height: 10px; }
svg { display: block; width: 100%; height: auto; }
figure { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: var(--quiet); font-weight: 500; font-size: 13px; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: break-word; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 14px; }
td:first-child { white-space: nowrap; }
code { overflow-wrap: anywhere; font: 12.5px ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 18px; margin: 0;
  font-size: 14px; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
text { font-size: 12px; fill: var(--text); }
text.label { fill: var(--quiet); font-size: 11.5px; paint-order: stroke; stroke: #fff; stroke-width: 3px;
  stroke-linejoin: round; }
text.name { font-size: 13px; }
text.value { font-size: 13px; }
text.quarter { fill: #8b94a1; font-size: 13px; } text.flag { fill: #fff; font-size: 11px; font-weight: 600; }
.ground { fill: #fafbfc; stroke: var(--line); } .grid { stroke: #e6e9ed; stroke-width: 1; }
.axis { stroke: #b8c0ca; stroke-width: 1; }
.marker { stroke: var(--text); stroke-width: 1; stroke-dasharray: 3 3; }
.path path { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round; opacity: 0.85; }
.curve { fill: none; stroke-width: 1.5; stroke-linejoin: round; } .band { opacity: 0.18; stroke: none; }
footer { color: var(--quiet); font-size: 13px; margin-top: 22px; }
@media (max-width: 720px) { .person, .two { grid-template-columns: minmax(0, 1fr); } }
@page { size: A4; margin: 14mm; }
@media print {
  body { background: #fff; zoom: 0.78; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .key { grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); }
  main { padding: 0; max-width: none; }
  .person { break-inside: avoid; }
  section.long { break-inside: auto; }
}
"""
CSS = _COLOURS + _RULES
