"use strict";
/* Search for an order, and the panel that tells what is known about the chosen one. */
R.panel = (() => {
  const { data, el } = R;
  const { orders, bars, pegs, lots } = data;
  const panel = R.byId("panel"), input = R.byId("search"), found = R.byId("found");
  const KIND = { release: "released", resource: "waits for resource", reconfiguration: "reconfiguration", component: "waits for component", calendar: "closed time",
    transport: "transport", operation: "operation", material: "waits for material", tool: "waits for tool", idle: "idle", hold: "held until due", crew: "waits for people",
    fixture: "waits for fixture", module: "waits for module", batch: "waits for batch", buffer: "full buffer", vehicle: "waits for vehicle", lag: "time between", link: "together", pause: "pause",
    overtime: "overtime not opened", maintenance: "maintenance", breakdown: "breakdown", campaign: "campaign", orders: "too many in process", pool: "waits for pooled orders", now: "before now",
    happened: "already happened", pinned: "pinned", announced: "stays as announced", moved: "moved" };
  const PLAIN = new Set(["operation", "release", "moved", "link", "happened"]);

  function chain(causes, jump) {
    return el("ol", { class: "chain" }, ...causes.map(([kind, start, end, text]) => el("li", { class: PLAIN.has(kind) ? null : "wait" },
      text, el("button", { type: "button", onclick: () => jump(start, end), title: "Show in the chart" },
        `${KIND[kind] || kind} · ${R.when(start, true)}` + (end > start ? ` · ${R.dur(end - start)}` : "")))));
  }

  function parts(order) {
    if (!pegs) return [];
    const rows = [];
    for (let i = 0; i < pegs.component.length; i++) {
      if (pegs.order[i] !== order) continue;
      const lot = pegs.lot[i], name = pegs.components[pegs.component[i]];
      const from = pegs.source[i] === 0 ? (pegs.available[i] > 0 ? `from stock, there ${R.when(pegs.available[i], true)}` : "from stock") : pegs.source[i] >= 2 ? `${pegs.source[i] === 3 ? "expedited" : "bought"}, there ${R.when(pegs.available[i], true)}` : lots.order[lot] < 0 ? "shared with other orders" : "made for this order";
      rows.push([name, `${R.plain.format(pegs.quantity[i])} · ${from}`]);
    }
    return rows;
  }

  function orderFacts(order) {
    const due = orders.due[order], late = orders.late[order], variant = R.variantOf(order);
    return [
      orders.customers[orders.customer[order]] && ["Customer", orders.customers[orders.customer[order]]],
      ["Product", variant[0]], variant[1] && ["Choices", variant[1]], ["Quantity", R.plain.format(orders.quantity[order])], ["Priority", orders.priority[order]],
      ["Released", R.when(orders.release[order], true)], ["Due", due < 0 ? "no due date" : R.due(due)],
      orders.deadline[order] >= 0 && ["Deadline", `${R.due(orders.deadline[order])} (hard)`],
      ["Delivered", data.shop.refused.has(order) ? `refused, ${R.money(data.shop.refused.get(order)[0])} lost` : orders.delivery[order] < 0 ? "not scheduled" : R.when(orders.delivery[order], true)], due >= 0 && orders.delivery[order] >= 0 && ["", late ? `${R.dur(late)} late` : due > orders.delivery[order] ? `${R.dur(due - orders.delivery[order])} early` : "on time"],
    ];
  }

  function show({ order, bar, facts }) {
    if (order < 0 && bar < 0) { panel.hidden = true; panel.replaceChildren(); R.gantt.size(); return; }
    const why = data.chains.get(order), used = order >= 0 ? parts(order) : [];
    panel.replaceChildren(...[
      el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => R.gantt.choose(-1, -1) }, "×"),
      el("h3", null, order < 0 ? R.lotName(bars.lot[bar]) : `Order ${orders.id[order]}`),
      why && el("p", null, why.summary),
      order < 0 && el("p", { class: "muted" }, data.shop.maintenance.has(bar) ? "Planned maintenance, placed by the solver." : "Made once; several orders wait for it."),
      facts && el("h4", null, `Operation: ${bars.names[bars.name[bar]]}`), facts && R.pairs(facts.filter((row) => row && row[0] !== "Order")),
      order >= 0 && el("h4", null, "Order"), order >= 0 && R.pairs(orderFacts(order)),
      why && why.chain.length && el("h4", null, "What it waited for, from its beginning to its delivery"), why && why.chain.length && chain(why.chain, R.gantt.goTo),
      used.length && el("h4", null, "Components"), used.length && R.pairs(used),
    ].filter(Boolean));
    if (panel.hidden) { panel.hidden = false; R.gantt.size(); }
    panel.scrollTop = 0;
  }

  let at = 0, matches = [];
  function look() {
    const text = input.value.trim().toLowerCase();
    matches = [];
    if (text) {
      const rest = [];
      for (let j = 0; j < orders.count && matches.length < 8; j++) {
        const id = orders.id[j].toLowerCase();
        if (id.startsWith(text)) matches.push(j);
        else if (rest.length < 8 && (id.includes(text) || orders.customers[orders.customer[j]].toLowerCase().includes(text))) rest.push(j);
      }
      matches = matches.concat(rest).slice(0, 8);
    }
    at = 0; list(text);
  }
  function list(text) {
    found.replaceChildren(...(matches.length ? matches.map((j, i) => el("li", { role: "option", id: `found-${i}`, "aria-selected": String(i === at), onmousedown: (e) => { e.preventDefault(); pick(i); } },
      orders.id[j] + (orders.customers[orders.customer[j]] ? ` · ${orders.customers[orders.customer[j]]}` : ""))) : [el("li", { class: "none" }, "No order of this name")]));
    found.hidden = !text;
    input.setAttribute("aria-expanded", String(!found.hidden));
    if (matches.length) input.setAttribute("aria-activedescendant", `found-${at}`);
  }
  function pick(i) {
    if (matches[i] === undefined) return;
    input.value = orders.id[matches[i]];
    close(); R.gantt.reveal(matches[i]);
  }
  function close() { found.hidden = true; input.setAttribute("aria-expanded", "false"); }
  input.addEventListener("input", look);
  input.addEventListener("focus", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter") { if (found.hidden) look(); pick(at); }
    else if (e.key === "Escape") { close(); input.value = ""; R.gantt.choose(-1, -1); }
    else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && matches.length) { at = (at + (e.key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length; list(input.value); e.preventDefault(); }
  });
  R.on("chosen", show);

  /* From anywhere on the page to an order in the chart. */
  const link = (order) => el("button", { type: "button", class: "link", onclick: () => { R.gantt.reveal(order); R.byId("schedule").scrollIntoView({ block: "start" }); } }, orders.id[order]);
  return { chain, link };
})();
