"""How a drawn picture looks: on light and dark screens, and printed in black and white; the same text for every one."""

from __future__ import annotations

STYLE = """\
.gwplan-picture{--paper:#fff;--band:#f3f5f8;--ink:#17212b;--soft:#4a5866;--box:#fff;--line:#788695;--data:#4f6475;
--offload:#7a45b8;--bad:#b3261e;--moved:#a34800;--busy:#8a5a00;--good:#21733f;--trough:#d5dbe1;
--source:#66727e;--proxy:#1d64b4;--gateway:#0b7070;--repository:#6a3fa0;
font-family:"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans","Noto Sans CJK SC",sans-serif;background:var(--paper)}
@media (prefers-color-scheme:dark){.gwplan-picture{--paper:#10161c;--band:#18212a;--ink:#e6ebf0;--soft:#a9b6c2;
--box:#212c37;--line:#768698;--data:#8ea3b5;--offload:#b58ce8;--bad:#ff8a80;--moved:#ffac5f;--busy:#f0b64a;
--good:#6cc58b;--trough:#3a4754;--source:#9aa7b3;--proxy:#6fb1ff;--gateway:#4fc3c3;--repository:#bd9af0}}
@media print{.gwplan-picture{--paper:#fff;--band:#fff;--ink:#000;--soft:#000;--box:#fff;--line:#000;--data:#444;
--offload:#444;--bad:#000;--moved:#000;--busy:#000;--good:#555;--trough:#fff;
--source:#000;--proxy:#000;--gateway:#000;--repository:#000}
.gwplan-picture .band rect{stroke:#999}.gwplan-picture .trough{stroke:#000}}
.gwplan-picture text{fill:var(--ink);font-size:11px}
.gwplan-picture .paper{fill:var(--paper)}
.gwplan-picture .title{font-size:17px;font-weight:600}
.gwplan-picture .head{font-size:12px;font-weight:600;fill:var(--soft)}
.gwplan-picture .band rect{fill:var(--band)}
.gwplan-picture .band text{font-size:12px;font-weight:600;fill:var(--soft)}
.gwplan-picture .note{fill:var(--soft)}
.gwplan-picture .node .box{fill:var(--box);stroke:var(--line)}
.gwplan-picture .node .label{font-size:13px;font-weight:600}
.gwplan-picture .node .facts{fill:var(--soft)}
.gwplan-picture .stripe{fill:var(--source)}
.gwplan-picture .proxy .stripe{fill:var(--proxy)}
.gwplan-picture .gateway .stripe{fill:var(--gateway)}
.gwplan-picture .repository .stripe{fill:var(--repository)}
.gwplan-picture .stub .stripe{fill:var(--bad)}
.gwplan-picture .trough{fill:var(--trough)}
.gwplan-picture .share{fill:var(--good)}
.gwplan-picture .busy .share{fill:var(--busy)}
.gwplan-picture .over .share{fill:var(--bad)}
.gwplan-picture .over .box,.gwplan-picture .stub .box{stroke:var(--bad);stroke-width:2}
.gwplan-picture .stub .box{stroke-dasharray:5 3}
.gwplan-picture .idle .box{stroke-dasharray:2 3}
.gwplan-picture .down .box{stroke:var(--bad);stroke-dasharray:8 3;stroke-width:2}
.gwplan-picture .down .label{text-decoration:line-through}
.gwplan-picture .edge,.gwplan-picture .sample{fill:none;stroke:var(--data)}
.gwplan-picture .offload{stroke:var(--offload)}
.gwplan-picture .unserved{stroke:var(--bad)}
.gwplan-picture .fallback{stroke:var(--data);stroke-dasharray:3 4}
.gwplan-picture .offload{stroke-dasharray:14 3 2 3}
.gwplan-picture .wan{stroke-dasharray:10 4}
.gwplan-picture .offload.wan{stroke-dasharray:8 5 2 5}
.gwplan-picture .moved{stroke:var(--moved)}
.gwplan-picture .gone{stroke:var(--line);stroke-dasharray:1 5;stroke-linecap:round}
.gwplan-picture .cut{stroke:var(--bad);stroke-dasharray:8 3}
.gwplan-picture .head-data{fill:var(--data)}
.gwplan-picture .head-offload{fill:var(--offload)}
.gwplan-picture .head-unserved{fill:var(--bad)}
.gwplan-picture .head-moved,.gwplan-picture .diamond{fill:var(--moved)}
.gwplan-picture .head-gone{fill:var(--line)}
"""
