/**
 * The look of an evaluation's page: on screens light and dark, on paper black on white.
 *
 * Knows: CSS. No font, script or picture is fetched from anywhere.
 */

import { DARK_RULES } from "../../charts/chart.ts";

export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--text:#2a3440;--title:#16202c;--soft:#566374;--line:#e2e7ed;--plate:#f4f6f9;--warn:#fff3e6;--warn-line:#c8540a}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",Arial,sans-serif}
main{max-width:1200px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;color:var(--title);overflow-wrap:anywhere}
h2{font-size:20px;margin:48px 0 8px;padding-top:16px;border-top:1px solid var(--line);color:var(--title)}
h3{font-size:15px;margin:24px 0 8px;color:var(--title)}
p{margin:8px 0;max-width:76ch}
a{color:inherit}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:12px 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.lead{color:var(--soft);margin:0}
.notice{border:1px solid var(--line);border-radius:6px;padding:8px 14px;margin:16px 0;background:var(--plate);max-width:none}
.warning{border:1px solid var(--warn-line);border-left-width:5px;border-radius:6px;padding:8px 14px;margin:10px 0;background:var(--warn);max-width:none}
.numbers{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}
.numbers div{background:var(--plate);border-radius:8px;padding:10px 18px;min-width:150px}
.numbers b{display:block;font-size:26px;line-height:1.2;color:var(--title);font-variant-numeric:tabular-nums}
.numbers span{color:var(--soft);font-size:13px}
.table{overflow-x:auto;margin:12px 0}
.pair{display:flex;flex-wrap:wrap;gap:0 48px}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;white-space:nowrap}
caption{text-align:left;color:var(--soft);padding-bottom:6px;white-space:normal}
th,td{padding:3px 8px;text-align:right}
th:first-child{text-align:left;padding-left:0}
thead th{vertical-align:bottom;font-weight:600;color:var(--title)}
thead tr:last-child>*{border-bottom:1.5px solid var(--soft)}
thead th[colspan]{text-align:center;border-bottom:1px solid var(--line)}
.table:focus-visible,.forest:focus-visible{outline:2px solid var(--soft);outline-offset:2px}
tbody th{font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--line)}
tfoot>tr>*{border-top:1.5px solid var(--soft);font-weight:600}
td b{color:var(--title)}td small{color:var(--soft);font-size:11.5px}
.soft{color:var(--soft)}ul.soft{padding-left:20px;font-size:13.5px;max-width:100ch}
figure{margin:16px 0}
figcaption{color:var(--soft);font-size:13.5px;max-width:90ch}
figure svg{display:block;width:100%;height:auto}
.forest{overflow-x:auto}.forest svg{max-width:860px;min-width:560px}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(165px,1fr));gap:8px}
.examples{display:grid;grid-template-columns:repeat(3,1fr);gap:16px}
.examples h4{font-size:13px;margin:0 0 6px;color:var(--soft);font-weight:600}
.examples ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:8px}
.examples li{flex:0 1 calc((100% - 16px) / 3);min-width:96px;max-width:180px;font-size:12px;color:var(--soft);overflow-wrap:anywhere}
.examples li:has(figure+figure){flex-basis:calc((100% - 8px) * 2 / 3);max-width:368px}
.maps{display:flex;gap:8px}
.maps figure{flex:1 1 0;min-width:0;margin:0}
.maps figcaption{font-size:11px;margin:2px 0 0}
.examples img{display:block;width:100%;height:auto;border-radius:4px;background:#000}
.examples.plain li{flex:1 1 100%;max-width:none}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--line);color:var(--soft);font-size:13.5px}
@media (min-width:900px){.panels{grid-template-columns:repeat(auto-fill,minmax(230px,1fr))}}
@media (max-width:560px){.panels{grid-template-columns:minmax(0,360px)}}
@media (max-width:700px){main{padding:20px 14px 48px}.examples{grid-template-columns:1fr}}
@media screen and (prefers-color-scheme:dark){:root{--paper:#12161c;--text:#cdd5df;--title:#f1f4f8;--soft:#a3afbf;--line:#2b333e;--plate:#1a2029;--warn:#2c1d10;--warn-line:#ffa35c}${DARK_RULES}}
@media print{:root{color-scheme:light}body{font-size:10.5pt}main{max-width:none;padding:0}h2{margin-top:24px;break-after:avoid}h3,h4,caption{break-after:avoid}figure,tr,.numbers,.examples li{break-inside:avoid}.panels{grid-template-columns:repeat(4,1fr)}.panels svg{break-inside:avoid}.table{overflow:visible}table{font-size:8.5pt}th,td{padding:2px 6px}a{text-decoration:none}@page{margin:16mm}}
`;
