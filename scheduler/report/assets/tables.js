"use strict";
/* The list of late orders and the cost table. */
R.tables = (() => {
  const { data, el } = R;
  const { orders } = data;
  const SPLIT = Object.keys(orders.split);
  const order = (j) => orders.id[j];

  function late() {
    const box = R.byId("late-list"), items = [];
    if (!box) return;
    for (let j = 0; j < orders.count; j++) if (orders.late[j] > 0) items.push(j);
    items.sort((a, b) => orders.late[b] - orders.late[a]);
    if (!items.length) {
      box.append(el("p", { class: "muted" }, orders.due.some((d) => d >= 0) ? "No order is late." : "No order has a due date."));
      return;
    }
    const list = el("div"), more = el("button", { type: "button", class: "quiet more", onclick: () => add(50) }, "");
    let shown = 0;
    function add(n) {
      list.append(...items.slice(shown, shown + n).map(lateItem));
      shown = Math.min(items.length, shown + n);
      more.hidden = shown >= items.length;
      more.textContent = `Show more (${R.plain.format(items.length - shown)} left)`;
    }
    box.append(list, more);
    add(8);
  }

  function lateItem(j) {
    const why = data.chains.get(j), customer = orders.customers[orders.customer[j]];
    const jump = (from, to) => { R.gantt.reveal(j); R.gantt.goTo(from, to); R.byId("schedule").scrollIntoView({ block: "start" }); };
    const causes = why && why.chain.length ? el("details", { ontoggle: (e) => { if (e.target.open && !e.target.lastChild.matches("ol")) e.target.append(R.panel.chain(why.chain, jump)); } },
      el("summary", null, "The chain of what it waited for")) : null;
    return el("article", { class: "late-item" },
      el("div", { class: "row" }, el("span", null, R.panel.link(j), el("span", { class: "muted" }, `${customer ? ` · ${customer}` : ""} · due ${R.due(orders.due[j])}`)), el("span", { class: "by" }, `${R.dur(orders.late[j])} late`)),
      el("p", null, why ? why.summary : "Its reasons are not part of this page."), causes);
  }

  function costs() {
    const columns = [["Order", order, true], ["Product", (j) => R.variantOf(j)[0], true], ["Delivered", (j) => orders.delivery[j]], ["Late", (j) => orders.late[j]],
      ...SPLIT.map((name) => [name[0].toUpperCase() + name.slice(1), (j) => orders.split[name][j]]), ["Total", (j) => SPLIT.reduce((t, name) => t + orders.split[name][j], 0)]];
    const box = R.byId("cost-table");
    let PAGE = 15, by = columns.length - 1, down = true, page = 0, list = orders.id.map((_, j) => j);
    const totals = columns.map(([name, of], i) => (i < 4 ? 0 : list.reduce((t, j) => t + of(j), 0)));
    const cell = (i, j) => {
      const value = columns[i][1](j);
      if (i === 0) return el("td", { title: value }, R.panel.link(j));
      if (i === 1) return el("td", { class: "text" }, value);
      if (i === 2) return el("td", null, data.shop.refused.has(j) ? "refused" : value < 0 ? "not scheduled" : R.when(value, true));
      if (i === 3) return el("td", { class: value > 0 ? "late" : null }, value > 0 ? R.dur(value) : "–");
      return el("td", null, R.money(value, true));
    };
    function sort() {
      const of = columns[by][1], sign = down ? -1 : 1;
      list.sort((a, b) => { const x = of(a), y = of(b); return sign * (typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y) || a - b; });
    }
    function draw() {
      const pages = Math.max(1, Math.ceil(list.length / PAGE));
      const go = (text, to, dead) => el("button", { type: "button", class: "quiet", disabled: dead, onclick: () => { page = to; draw(); } }, text);
      box.replaceChildren(el("div", { class: "scroll" }, el("table", null,
        el("thead", null, el("tr", null, ...columns.map(([name, , text], i) => el("th", { class: text ? "text" : null, scope: "col", "aria-sort": i === by ? (down ? "descending" : "ascending") : null },
          el("button", { type: "button", onclick: () => { down = i === by ? !down : !text; by = i; page = 0; sort(); draw(); } }, name + (i === by ? (down ? " ↓" : " ↑") : "")))))),
        el("tbody", null, ...list.slice(page * PAGE, page * PAGE + PAGE).map((j) => el("tr", null, ...columns.map((_, i) => cell(i, j))))),
        el("tfoot", null, el("tr", null, el("td", null, `All ${R.plain.format(list.length)} orders`), el("td"), el("td"), el("td"), ...totals.slice(4).map((t) => el("td", null, R.money(t, true))))))),
        pages > 1 ? el("div", { class: "pager" }, go("Back", page - 1, page === 0), `Page ${page + 1} of ${R.plain.format(pages)}`, go("Next", page + 1, page + 1 >= pages), el("span", null, `in ${data.currency}`)) : el("div", { class: "pager" }, data.currency && `in ${data.currency}`),
        data.plant ? el("p", { class: "muted" }, `Besides, ${R.money(data.plant)} belong to no order: overtime in which nothing ran, planned maintenance, or what refused orders shared.`) : "");
    }
    sort(); draw();
    R.on("print", (on) => { PAGE = on ? 500 : 15; page = 0; draw(); });
    return totals.slice(4, 4 + SPLIT.length);
  }
  return { late, costs, SPLIT };
})();
