"""Colours and spaces of the report's page; text 4.5:1 and shapes 3:1 against what they lie on."""

CSS = """
:root{color-scheme:light dark;
--paper:#faf6ef;--card:#fffdf9;--ink:#1d2a2c;--muted:#5a696b;--line:#e6ded1;--track:#ece5d9;
--main:#0d5c58;--look:#9a5b00;--a:#bfe0d8;--b:#f7d896;--ab:#a9b46a;
--shadow:0 1px 2px rgba(60,45,20,.06),0 6px 18px rgba(60,45,20,.06)}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#131a1b;--card:#1b2426;--ink:#e8eeec;--muted:#a0b0af;--line:#2c393b;--track:#2c393b;
--main:#7fd1c4;--look:#f4c46a;--a:#2a5a55;--b:#6b4f1c;--ab:#7d8a45;--shadow:0 1px 2px rgba(0,0,0,.4)}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans Arabic","DejaVu Sans",sans-serif}
main{max-inline-size:1120px;margin-inline:auto;padding:32px 16px 48px;display:grid;gap:16px}
main>*{min-inline-size:0}
header{display:flex;align-items:center;gap:16px;margin-block-end:8px}
.mark{inline-size:56px;block-size:36px;flex:none}
.mark .a{fill:var(--a)}.mark .b{fill:var(--b)}.mark .ab{fill:var(--ab)}
h1{font-size:1.65rem;line-height:1.2;margin:0}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 4px}
header p,.finding,.legend,.notes dd{color:var(--muted);margin:0}
section,.tiles>div{background:var(--card);border:1px solid var(--line);
border-radius:14px;box-shadow:var(--shadow)}
section{padding:16px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:16px;margin:0}
.tiles>div{padding:12px 16px}
.tiles dt{color:var(--muted);font-size:.9rem}
.tiles dd{margin:0;color:var(--muted);font-size:.9rem;line-height:1.4}
.tiles strong{display:block;color:var(--ink);font-size:1.9rem;line-height:1.25}
section p{margin:0}.finding{max-inline-size:90ch}
.finding strong,.finding bdi{color:var(--ink)}
.finding bdi{font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));
gap:32px 40px;margin-block-start:16px}
figure{margin:0;min-inline-size:0}
figcaption{font-weight:600;margin-block-end:6px}
section .legend{font-size:.875rem;margin-block-end:8px}
.key{vertical-align:middle;margin-inline:16px 4px;overflow:visible}.key:first-child{margin-inline-start:4px}
.chart{display:block;direction:ltr;margin-block-end:12px;overflow:visible}
.chart text{fill:var(--ink);font-size:15px;unicode-bidi:plaintext}
.chart .note{fill:var(--muted);font-size:14px;text-anchor:end}
.chart .tick{fill:var(--muted);font-size:12px;text-anchor:middle}
.chart .first{text-anchor:start}.chart .last{text-anchor:end}
.track{fill:var(--track)}
.main,.all{fill:var(--main)}
rect.waiting{fill:var(--look)}
circle.waiting{fill:var(--card);stroke:var(--look);stroke-width:2}
.line{stroke:var(--look);stroke-width:2}.rim{stroke:var(--card);stroke-width:5}
.grid{stroke:var(--line)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;inline-size:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:6px 4px;text-align:end;border-block-end:1px solid var(--line)}
thead th{color:var(--muted);font-weight:400;font-size:.8rem;line-height:1.25;vertical-align:bottom}
th:first-child{text-align:start;inline-size:34%;padding-inline-start:0}
th[scope=row]{font-weight:500;overflow-wrap:anywhere}
tr>:last-child{padding-inline-end:0}
tbody tr:last-child>*{border-block-end:0}
.hidden{color:var(--muted);font-style:italic;font-weight:400}
.tiles strong .hidden{font-size:1.35rem}
.unseen{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
.notes dl{display:grid;grid-template-columns:auto 1fr;
gap:4px 16px;margin:8px 0 0;font-size:.9rem}
.notes dd{margin:0}
@media print{
body{background:#fff;font-size:11pt}
main{max-inline-size:none;padding:0}
section,.tiles>div{box-shadow:none;background:#fff}
.chart,.tiles,tr{break-inside:avoid}
h2,.finding,figcaption,.legend{break-after:avoid}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll{overflow:visible}}
"""
