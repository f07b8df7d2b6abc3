/** The look of the report: the window's colours, light and dark as its reader likes, light on paper. */
import { colourNames, type DrawingTheme, palettes } from "../../shared/drawing/palette.ts";

const variables = (theme: DrawingTheme): string => colourNames.map((name) => `--${name}:${palettes[theme][name]}`).join(";");

export const reportStyle = `
:root{color-scheme:light;${variables("light")};--good-wash:#dff0f0;--bad-wash:#fbe5db;--warning-wash:#f8ecd0}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;${variables("dark")};--good-wash:#12313a;--bad-wash:#3b1d14;--warning-wash:#352a10}}
@media print{:root{color-scheme:light;${variables("light")};--good-wash:#dff0f0;--bad-wash:#fbe5db;--warning-wash:#f8ecd0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
main,header,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem}
body{border-top:8px solid var(--accent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:1.2rem 0 0;padding:0;list-style:none}
.tiles li{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.65rem .85rem;color:var(--soft);font-size:.88rem;line-height:1.25}
.tiles strong{display:block;color:var(--ink);font-size:1.35rem;font-variant-numeric:tabular-nums;margin-bottom:.15rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .35rem}
h2{font-size:1.2rem;margin:2.4rem 0 .8rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:0}
p{margin:.5rem 0}
.facts{color:var(--soft);margin:0}
.verdict{display:inline-block;margin:1rem 0 0;padding:.45rem .9rem;border-radius:8px;font-weight:650;border:2px solid}
.verdict.good{color:var(--good);background:var(--good-wash)}
.verdict.bad{color:var(--bad);background:var(--bad-wash)}
.verdict.open{color:var(--warning);background:var(--warning-wash)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.2rem;margin:0}
dt{color:var(--soft);font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
code,pre,.mono{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,monospace;font-size:.88em}
pre{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.instant{white-space:nowrap}
.check,.note{background:var(--surface);border:1px solid var(--line);border-left:6px solid var(--quiet);border-radius:8px;padding:.75rem 1rem;margin:.7rem 0;break-inside:avoid}
.check.good{border-left-color:var(--good)}
.check.bad{border-left-color:var(--bad)}
.note{border-left-color:var(--accent)}
.mark{font-weight:700;margin-right:.5rem}
.good .mark{color:var(--good)}
.bad .mark{color:var(--bad)}
.check ul{margin:.4rem 0 0;padding-left:1.2rem;font-size:.92rem}
.shows{color:var(--soft)}
figure{margin:1.1rem 0 1.6rem;break-inside:avoid}
figure svg{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:8px}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.4rem}
.moments{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.1rem 1.2rem;align-items:start}
.moments.one{grid-template-columns:1fr}
.moments figure{margin:0}
.wide{overflow-x:auto}
.wide+.wide,.shows+.wide{margin-top:1.4rem}
tbody tr:last-child td{border-bottom-color:var(--faint)}
thead th{border-bottom:2px solid var(--line)}
footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:2.5rem}
.damage{margin:1rem 0 0;padding:.6rem .9rem;border:2px solid var(--bad);border-radius:8px;color:var(--bad);background:var(--bad-wash);font-weight:600}
.by{font-size:1.1rem}
.blank{display:none}
.lines{white-space:pre-line;overflow-wrap:anywhere}
.asked{font-style:italic;color:var(--soft)}
.note.missing{border-left-style:dashed;border-left-color:var(--quiet)}
.lead{font-size:1.05rem}
.story p{margin:0}
.story+td{white-space:nowrap}
td.bad{color:var(--bad)}
@page{margin:15mm 14mm}
@media print{
body{font-size:10.5pt;background:#fff;border-top-width:4px}
main,header,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:1rem}
.blank{display:block;width:60%;padding-top:1rem;border-bottom:1px solid var(--soft);color:var(--soft)}
.tiles{grid-template-columns:repeat(6,1fr)}
h2{margin-top:1.6rem;break-after:avoid}
h2+*,thead,figcaption{break-before:avoid}
tr,dt,dd,.tiles li,.together{break-inside:avoid}
p,li{orphans:3;widows:3}
figure{margin:.6rem 0 .9rem}
figure svg{max-height:95mm;background:var(--paper)}
.tall svg{max-height:225mm}
.moments{grid-template-columns:1fr 1fr;gap:.5rem .8rem}
.moments figure svg{max-height:none}
.moments.one figure svg{max-height:110mm}
.wide{overflow:visible}
footer{padding-top:1rem;padding-bottom:0;break-before:avoid}
}
`;
