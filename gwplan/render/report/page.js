"use strict";
// What a reader may do with the page: search, sort and open long tables, and ask what a loss costs.
// Words of the data become text and nothing else; nothing is fetched, kept or sent.
(async () => {
  const STEP = 500; // rows that are shown at once
  const collator = new Intl.Collator("en", { numeric: true });

  const make = (tag, className, ...children) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };
  // What an element holds, which is packed where it is long.
  const data = async (node) => {
    const found = node && JSON.parse(node.textContent);
    if (!found || typeof found.packed !== "string") return found;
    const bytes = Uint8Array.from(atob(found.packed), (char) => char.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
  };
  const named = (id) => data(document.getElementById(id));
  const told = (number) => number.toLocaleString("en-US");
  const counted = (number, noun, nouns = `${noun}s`) => `${told(number)} ${number === 1 ? noun : nouns}`;

  const bar = (share, style) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    svg.setAttribute("class", `bar ${style}`);
    svg.setAttribute("viewBox", "0 0 100 6");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    rect.setAttribute("width", String(Math.min(share, 1) * 100));
    rect.setAttribute("height", "6");
    svg.append(rect);
    return svg;
  };

  // --- tables ------------------------------------------------------------------------------------------------------

  // A row: what it is searched by, what it is sorted by, and its element, made when it is first shown.
  const rowOf = (body) => {
    const [cells, more] = body.rows;
    const keys = [...cells.cells].map((cell) =>
      cell.dataset.order === undefined ? cell.textContent.trim() : Number(cell.dataset.order));
    const summary = more ? more.querySelector("summary").textContent : "";
    return { words: `${cells.textContent} ${summary}`.toLowerCase(), keys, node: () => body };
  };

  const rowMade = ([items, summaryText, story, own], { lines, texts }, isNumber) => {
    const text = (at) => Array.isArray(texts[at]) ? texts[at].map((part) =>
      typeof part === "number" ? own[part] : part).join("") : texts[at];
    const cells = items.map((item) => (Array.isArray(item) ? [text(item[0]), ...item.slice(1)] : [text(item)]));
    const summary = text(summaryText);
    const told = () => story.map((line) => [...lines[line].slice(0, 2), text(lines[line][2])]);
    let body = null;
    return {
      words: `${cells.map((cell) => cell[0]).join(" ")} ${summary}`.toLowerCase(),
      keys: cells.map((cell) => (typeof cell[2] === "number" ? cell[2] : cell[0])),
      node: () => (body = body || bodyOf(cells, summary, story.length ? told : null, isNumber)),
    };
  };

  const bodyOf = (cells, summary, told, isNumber) => {
    const row = make("tr");
    cells.forEach(([text, style, , share, href], at) => {
      const cell = make(at ? "td" : "th", [style, isNumber[at] ? "number" : text.length <= 22 && "short"].filter(Boolean).join(" "));
      if (!at) cell.scope = "row";
      if (href) {
        const link = make("a", "", text);
        link.href = href;
        link.rel = "noreferrer";
        cell.append(link);
      } else cell.append(text);
      if (typeof share === "number") cell.append(bar(share, style));
      row.append(cell);
    });
    const body = make("tbody", "", row);
    if (told) {
      const details = make("details", "", make("summary", "", summary));
      details.addEventListener("toggle", () => {
        if (details.lastChild.nodeName === "UL") return;
        details.append(make("ul", "story", ...told().map(([depth, style, text]) => make("li", `${depth === 1 ? "" : `d${depth}`} ${style}`.trim(), text))));
      });
      const cell = make("td", "", details);
      cell.colSpan = cells.length;
      body.append(make("tr", "more", cell));
    }
    return body;
  };

  const enliven = async (box) => {
    const table = box.querySelector("table");
    const heads = [...table.tHead.rows[0].cells];
    const isNumber = heads.map((head) => head.classList.contains("number"));
    const rest = box.querySelector("script.rest");
    let rows = [...table.tBodies].map(rowOf);
    if (rest) {
      const more = await data(rest);
      rows = rows.concat(more.rows.map((row) => rowMade(row, more, isNumber)));
    }
    if (rows.length < 2) return;
    let found = rows;
    let limit = STEP;
    const status = make("p", "status");
    status.setAttribute("role", "status");
    const further = make("button", "further");
    further.type = "button";
    const show = () => {
      [...table.tBodies].forEach((body) => body.remove()); // the head stays, and with it what has the focus
      table.append(...found.slice(0, limit).map((row) => row.node()));
      const left = found.length - limit;
      further.hidden = left <= 0;
      further.textContent = `Show ${told(Math.min(left, STEP))} more`;
      status.textContent = found.length === rows.length && left <= 0 ? "" :
        `${told(Math.min(found.length, limit))} of ${counted(rows.length, "row")}`;
    };
    further.addEventListener("click", () => {
      limit += STEP;
      show();
    });
    box.append(further);

    const sort = (at) => {
      const order = heads[at].getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[at].setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const compare = (a, b) => {
        const [one, other] = [a.keys[at], b.keys[at]];
        const numbers = typeof one === "number" && typeof other === "number";
        return sign * (numbers ? one - other : collator.compare(String(one), String(other)));
      };
      rows.sort(compare);
      search();
    };
    heads.forEach((head, at) => {
      const button = make("button", "", ...head.childNodes);
      button.type = "button";
      button.addEventListener("click", () => sort(at));
      head.append(button);
    });

    const field = make("input");
    const search = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      found = rows.filter((row) => words.every((word) => row.words.includes(word)));
      limit = STEP;
      show();
    };
    if (box.dataset.search) {
      field.type = "search";
      field.autocomplete = "off";
      field.addEventListener("input", search);
      box.prepend(make("div", "tools", make("label", "", `${box.dataset.search} `, field), status));
    }
    show();
  };

  await Promise.all([...document.querySelectorAll(".table")].map(enliven));

  // --- if this is lost ---------------------------------------------------------------------------------------------

  const ask = document.getElementById("ask");
  const answer = document.getElementById("answer");
  const sweep = await named("sweep");
  const pairs = await named("sweep-of-pairs");
  const known = await named("aftermaths");
  const results = new Map([...sweep.results, ...(pairs ? pairs.results : [])].map((one) => [one.down.join("\n"), one]));
  const isDeclared = (job) => job < known.jobs;
  // Jobs are told as distances; each with its number.
  const spread = (jobs, numbers) => {
    let job = 0;
    return jobs.map((step, at) => [(job += step), numbers[at]]);
  };
  const name = (number) => known.names[number];
  const word = (number) => known.words[number].replaceAll("_", " ");

  const tile = (number, text, style) =>
    make("li", number ? style : "none", make("b", "", told(number)), " ", make("span", "", text));

  const sheet = (title, columns, rows) => {
    const heads = columns.map(([text, isNumber]) => {
      const head = make("th", isNumber ? "number" : "", text);
      head.scope = "col";
      return head;
    });
    const lines = rows.map((row) => make("tr", "", ...row.map((cell, at) => {
      const node = make(at ? "td" : "th", columns[at][1] ? "number" : "", ...[cell].flat());
      if (!at) node.scope = "row";
      return node;
    })));
    const table = make("table", "", make("caption", "", title), make("thead", "", make("tr", "", ...heads)),
      make("tbody", "", ...lines));
    const scroll = make("div", "scroll", table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", title);
    return scroll;
  };

  const hitBy = (hits) => {
    const jobs = new Map();
    for (const [reason, ...numbers] of hits || []) {
      for (const [job, decisions] of spread(...numbers)) {
        const [reasons, number] = jobs.get(job) || [[], 0];
        jobs.set(job, [[...reasons, word(reason)], number + decisions]);
      }
    }
    return [...jobs].sort(([one], [other]) => one - other);
  };

  const hitSheet = (title, jobs) => jobs.length ? [sheet(title, [["Job"], ["Reason"], ["Decisions", true]],
    jobs.map(([job, [reasons, number]]) => [
      isDeclared(job) ? name(job) : `${name(job)} (maintenance)`, [...new Set(reasons)].join(", "), told(number)]))] : [];

  // --- the picture as it is then -----------------------------------------------------------------------------------

  const drawn = document.querySelector("#plain svg") || document.querySelector("#flow svg");
  const svgMade = (tag, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    return node;
  };
  const number = (node, name) => Number(node.getAttribute(name));

  // A copy whose ids are its own.
  const copied = () => {
    const copy = drawn.cloneNode(true);
    for (const node of [copy, ...copy.querySelectorAll("*")]) {
      for (const { name, value } of [...node.attributes]) {
        if (value.includes("gwplan-flow")) node.setAttribute(name, value.replaceAll("gwplan-flow", "gwplan-then"));
      }
    }
    copy.querySelector("style").remove(); // the other's holds for both
    return copy;
  };

  const badge = (copy, node, text, style) => {
    const box = node.querySelector(".box");
    copy.append(svgMade("text", { class: `then ${style}`, x: number(box, "x") + number(box, "width"),
      y: number(box, "y") - 4, "text-anchor": "end" }, text));
  };

  const redrawn = (down, one) => {
    const copy = copied();
    const title = `The night without ${down.join(" and ")}`;
    copy.querySelector("title").textContent = title;
    copy.querySelector("text.title").textContent = title;
    const [gone, stopped, elsewhere] = one.n;
    const lead = `Against the night with nothing down: ${counted(gone, "decision")} lost, ${told(stopped)} blocked, ${told(elsewhere)} moved.`;
    for (const node of [copy.querySelector("desc"), copy.querySelector("text.note")]) node.textContent = lead;
    const fallen = ["gateway", "repository", "proxy"].map((kind, at) =>
      [kind, new Set(((one.fallen || [])[at] || []).map(name))]);
    const lost = new Map(fallen);
    const loads = new Map((one.loads || []).map(([server, ...numbers]) => [name(server), numbers]));
    const nodes = [...copy.querySelectorAll("g.node[data-id]")];
    const dead = new Set();
    const nodeOf = new Map();
    for (const node of nodes) {
      const { kind, id } = node.dataset;
      const members = JSON.parse(node.dataset.members);
      if (kind === "gateway" || kind === "repository") for (const one of members) nodeOf.set(`${kind}:${one}`, node);
      const gone = lost.has(kind) ? members.filter((one) => lost.get(kind).has(one)).length : 0;
      const changed = kind === "gateway" ? members.filter((one) => loads.has(one)).map((one) => loads.get(one)) : [];
      if (gone === members.length) {
        node.classList.remove("ok", "busy", "over", "idle");
        node.classList.add("down");
        dead.add(id);
        badge(copy, node, "✘ down", "bad");
      } else if (changed.length) {
        const [before, after] = [0, 1].map((at) => changed.reduce((sum, one) => sum + one[at], 0));
        const over = changed.some(([, , , share]) => share > 1);
        if (after === 0 && changed.length === members.length) dead.add(id);
        badge(copy, node, `${gone ? `${gone} of ${members.length} down, ` : ""}${after > before ? "▲" : "▼"} ${told(before)} → ${told(after)}` +
          `${over ? ", more than its slots" : ""}`, over ? "bad" : after > before ? "warn" : "dim");
      } else if (gone) badge(copy, node, `${gone} of ${members.length} down`, "bad");
    }
    const edges = [...copy.querySelectorAll("path.edge")];
    const ends = (edge) => dead.has(edge.dataset.from) || dead.has(edge.dataset.to);
    for (let again = true; again;) { // what leads nowhere any more carries nothing
      again = false;
      for (const node of nodes) {
        const out = edges.filter((edge) => edge.dataset.from === node.dataset.id);
        if (node.dataset.kind === "proxy" && !dead.has(node.dataset.id) && out.length && out.every(ends)) {
          dead.add(node.dataset.id);
          again = true;
        }
      }
    }
    for (const edge of edges.filter(ends)) {
      edge.classList.remove("wan", "moved");
      edge.classList.add("gone");
      edge.setAttribute("marker-end", "url(#gwplan-then-gone)");
    }
    const moves = new Map();
    for (const [, from, to, , numbers] of one.moved || []) {
      const [a, b] = [from, to].map((one) => nodeOf.get(`gateway:${name(one)}`));
      if (!a || !b || a === b) continue;
      const key = `${a.dataset.id}\n${b.dataset.id}`;
      const [, , sum] = moves.get(key) || [a, b, 0];
      moves.set(key, [a, b, sum + numbers.reduce((all, more) => all + more, 0)]);
    }
    for (const [a, b, decisions] of moves.values()) copy.append(...move(a, b, decisions));
    return copy;
  };

  const move = (a, b, decisions) => {
    const [one, other] = [a, b].map((node) => {
      const box = node.querySelector(".box");
      return { x: number(box, "x"), right: number(box, "x") + number(box, "width"),
        y: number(box, "y") + number(box, "height") / 2 };
    });
    const aside = Math.abs(one.x - other.x) < 40;
    const [x1, x2] = aside ? [one.right, other.right + 10] : one.x < other.x ? [one.right, other.x - 10] : [one.x, other.right + 10];
    const bend = aside ? 34 : (x2 - x1) / 2;
    const [c1, c2] = [x1 + bend, aside ? x2 + bend - 10 : x2 - bend];
    return [
      svgMade("path", { class: "edge moved", "stroke-width": "3", "marker-end": "url(#gwplan-then-moved)",
        d: `M${x1} ${one.y}C${c1} ${one.y} ${c2} ${other.y} ${x2} ${other.y}` }),
      svgMade("text", { class: "then warn", x: (x1 + 3 * c1 + 3 * c2 + x2) / 8 + 4, y: (one.y + other.y) / 2 + 4 },
        `${told(decisions)} moved`)];
  };

  const picture = (down, one) => {
    if (!drawn) return [];
    const scroll = make("div", "scroll drawing", redrawn(down, one));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "The way of the data then");
    return [scroll, make("p", "hint",
      "Struck and dashed: down. Dotted: ran here before. In the boxes: the numbers with nothing down; above them: what changes.")];
  };

  // --- the answer in words -----------------------------------------------------------------------------------------

  const whole = (down, one) => {
    const [lost, blocked] = [hitBy(one.lost), hitBy(one.blocked)];
    const jobsOf = (hits) => hits.filter(([job]) => isDeclared(job)).length;
    const failing = (one.failing ? spread(...one.failing) : []).filter(([job]) => isDeclared(job));
    const tasks = failing.reduce((sum, [, number]) => sum + number, 0);
    const [, , moved, rebalanced, restored] = one.n;
    const loads = [...(one.loads || [])].sort((a, b) => (b[2] - b[1]) - (a[2] - a[1]));
    const rising = loads.filter(([, before, after]) => after > before);
    const others = [lost, blocked].map((hits) => hits.length - jobsOf(hits));
    const extra = [
      others[0] && `${counted(others[0], "maintenance operation")} lost`,
      others[1] && `${counted(others[1], "maintenance operation")} blocked`,
      rebalanced && `${counted(rebalanced, "decision")} only spread differently`,
      restored && `${counted(restored, "decision")} restored`].filter(Boolean);
    const ok = !jobsOf(lost) && !jobsOf(blocked) && !others[0] && !others[1];
    const verdict = ok ? (moved ? "Everything goes on: other servers take over at the next start."
      : "Everything goes on as it is.") : "Something stops.";
    const now = failing.length ? `Now ${counted(tasks, "running task")} of ${counted(failing.length, "job")} would fail: ` +
      `${failing.slice(0, 8).map(([job, number]) => `${name(job)} ×${told(number)}`).join(", ")}` +
      `${failing.length > 8 ? ` and ${failing.length - 8} more` : ""}.` : "Nothing that runs now would fail.";
    return [
      make("p", `headline ${ok ? "good" : "bad"}`, verdict),
      make("ul", "tiles",
        tile(tasks, tasks === 1 ? "running task fails" : "running tasks fail", "warn"),
        tile(jobsOf(lost), jobsOf(lost) === 1 ? "job lost" : "jobs lost", "bad"),
        tile(jobsOf(blocked), jobsOf(blocked) === 1 ? "job blocked" : "jobs blocked", "bad"),
        tile(moved, moved === 1 ? "decision moved" : "decisions moved", "warn"),
        tile(rising.length, rising.length === 1 ? "load rises" : "loads rise", "warn")),
      make("p", "", now),
      ...picture(down, one),
      ...(extra.length ? [make("p", "", `${extra.join(", ")}.`)] : []),
      ...hitSheet("Jobs lost: no server may serve them", lost),
      ...hitSheet("Jobs blocked: they cannot run", blocked),
      ...(one.moved ? [sheet("Moved at the next start", [["Job"], ["Operation"], ["From → to"], ["Decisions", true]],
        one.moved.flatMap(([operation, from, to, ...numbers]) => spread(...numbers).map((each) => [...each, operation, from, to]))
          .sort(([job], [other]) => job - other).map(([job, number, operation, from, to]) =>
            [name(job), word(operation), `${name(from)} → ${name(to)}`, told(number)]))] : []),
      ...(loads.length ? [sheet("Loads that change, data tasks",
        [["Gateway server"], ["Before", true], ["Then", true], ["Slots", true], ["Share of slots then", true]],
        loads.map(([server, before, after, slots, share]) => [
          name(server), told(before), `${after > before ? "▲ " : after < before ? "▼ " : ""}${told(after)}`, told(slots),
          [`${Math.round(share * 100)}%`, bar(share, share > 1 ? "bad" : share > 0.8 ? "warn" : "good")]]))] : []),
    ];
  };

  // Of a pair whose aftermath is not in the page: what the two lose alone, which is all that this pair loses.
  const together = (down) => {
    const hit = new Set(down.flatMap((one) => {
      const result = results.get(one);
      return result ? [...result.jobs_lost, ...result.jobs_blocked, ...result.operations_lost, ...result.operations_blocked] : [];
    }));
    const names = [...hit].sort(collator.compare);
    return [
      make("p", `headline ${names.length ? "bad" : "good"}`,
        names.length ? `Together they stop what each stops alone: ${counted(names.length, "job or operation", "jobs and operations")}.`
          : "Together they stop nothing."),
      ...(names.length ? [make("p", "", names.join(", "))] : []),
      make("p", "hint", `What moves, and where to, tells gwplan whatif ${down.map((one) => `--down ${one}`).join(" ")}`),
    ];
  };

  const answerNow = () => {
    const down = [...new Set([...ask.querySelectorAll("select")].map((one) => one.value).filter(Boolean))];
    const keys = [down.join("\n"), [...down].reverse().join("\n")];
    const key = keys.find((one) => known.losses[one]);
    answer.replaceChildren(...(!down.length ? [] : key ? whole(down, known.losses[key]) : together(down)));
    answer.hidden = !down.length;
  };

  ask.hidden = false;
  ask.addEventListener("submit", (event) => event.preventDefault());
  ask.addEventListener("change", answerNow);
  const worst = sweep.results[0];
  if (worst && (worst.lost || worst.blocked || worst.moved)) ask.querySelector("select").value = worst.down[0];
  answerNow();

  // --- the way to what is closed -----------------------------------------------------------------------------------

  const openUp = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.nodeName === "DETAILS") node.open = true;
  };
  addEventListener("hashchange", openUp);
  openUp();
})().catch((error) => {
  if (typeof DecompressionStream === "undefined") {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = "This browser cannot unpack what is long in this page: take one of 2023 or later to ask and to search.";
    document.querySelector("main").prepend(hint);
  }
  throw error;
});
