"use strict";
/* Data, clock, number and element helpers shared by all parts of the page. */
const R = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const sum = (list) => { let at = 0; return Float64Array.from(list, (step) => (at += step)); };

  /* Columns that hold differences become absolute; sparse ones become full. */
  function unpack() {
    const { bars, lots, orders, pegs } = data;
    const n = bars.length.length;
    bars.count = n;
    bars.start = sum(bars.start);
    bars.length = Float64Array.from(bars.length);
    bars.lot = Int32Array.from(sum(bars.lot));
    bars.resource = new Int32Array(n);
    for (let r = 0; r + 1 < bars.first.length; r++) bars.resource.fill(r, bars.first[r], bars.first[r + 1]);
    lots.order = Int32Array.from(sum(lots.order));
    bars.order = Int32Array.from(bars.lot, (lot) => lots.order[lot]);
    bars.recStart = Float64Array.from(bars.start);
    bars.recEnd = Float64Array.from(bars.start);
    sum(bars.changes.at).forEach((bar, i) => {
      bars.recEnd[bar] = bars.start[bar] - bars.changes.gap[i];
      bars.recStart[bar] = bars.recEnd[bar] - bars.changes.length[i];
    });
    bars.mode = new Map();
    sum(bars.alternatives.at).forEach((bar, i) => bars.mode.set(bar, bars.alternatives.mode[i]));
    unpackShop();
    for (const calendar of data.calendars) calendar.start = sum(calendar.start);
    if (pegs) { pegs.order = sum(pegs.order); pegs.consumer = sum(pegs.consumer); }
    orders.count = orders.id.length;
    orders.late = orders.due.map((due, j) => (due < 0 || orders.delivery[j] < 0 ? 0 : Math.max(0, orders.delivery[j] - due)));
    data.chains = new Map(data.explanations.map((e) => [e.order, e]));
  }
  /* What is known beyond the plain shop, by bar; empty of a plain schedule. */
  function unpackShop() {
    const given = data.shop || {}, bars = data.bars, map = (rows) => new Map((rows || []).map(([bar, ...rest]) => [bar, rest]));
    const shop = { now: given.now ?? -1, pools: given.pools || [], leave: new Map(), stripe: new Map(), members: new Map(), pauses: new Map(), facts: map(given.facts),
      announced: map(given.announced), team: new Map(), outside: new Set(given.outside), maintenance: new Set(given.maintenance), overtime: given.overtime || [], ghosts: new Map(), refused: map(given.refused) };
    (given.leave?.at || []).forEach((bar, i) => shop.leave.set(bar, given.leave.length[i]));
    for (const members of given.batches || []) members.forEach((bar, i) => { shop.stripe.set(bar, [i, members.length]); shop.members.set(bar, members); });
    for (const [bar, start, length] of given.pauses || []) { if (!shop.pauses.has(bar)) shop.pauses.set(bar, []); shop.pauses.get(bar).push([start, length]); }
    (given.teams?.at || []).forEach((bar, i) => shop.team.set(bar, given.teams.names[given.teams.team[i]]));
    for (const pool of shop.pools) pool.time = sum(pool.time);
    for (const [bar, [start, resource]] of shop.announced) {
      const there = resource < 0 ? bars.resource[bar] : resource;
      if (!shop.ghosts.has(there)) shop.ghosts.set(there, []);
      shop.ghosts.get(there).push([bar, start]);
    }
    data.shop = shop;
  }
  unpack();

  const clock = data.clock;
  const plain = new Intl.NumberFormat("en");
  const one = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const two = (n) => String(n).padStart(2, "0");

  function offsetAt(tick) {
    let found = clock.offsets[0][1];
    for (const [from, offset] of clock.offsets) if (from <= tick) found = offset;
    return found;
  }
  /* A Date whose UTC fields are the local time of the scenario. */
  const local = (tick) => new Date(clock.origin + tick * clock.tick + offsetAt(tick));
  function tickOf(localMillis) {
    const guess = (localMillis - clock.origin - offsetAt(0)) / clock.tick;
    return (localMillis - clock.origin - offsetAt(guess)) / clock.tick;
  }
  function when(tick, short) {
    if (clock.integer) return plain.format(Math.round(tick));
    const d = local(tick);
    const day = `${DAYS[d.getUTCDay()]} ${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`;
    const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
    return short ? `${day} ${time}` : `${day} ${d.getUTCFullYear()}, ${time}`;
  }
  /* A limit at midnight belongs to the day that ends there. */
  function due(tick) {
    return clock.integer || local(tick).getTime() % 86400000 ? when(tick, true) : when(tick - 60000 / clock.tick, true).replace(/23:59$/, "24:00");
  }
  function dur(ticks) {
    if (clock.integer) return one.format(ticks);
    const minutes = (ticks * clock.tick) / 60000;
    if (Math.abs(minutes) >= 2880) return `${one.format(minutes / 1440)} days`;
    if (minutes > 0 && minutes < 1) return `${one.format(minutes * 60)} s`;
    const whole = Math.round(minutes), h = Math.floor(whole / 60), m = whole % 60;
    return h ? (m ? `${h} h ${m} min` : `${h} h`) : `${m} min`;
  }
  const cash = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const money = (cents, bare) => cash.format(cents / 100) + (bare ? "" : ` ${data.currency}`);
  const round = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const coins = (cents) => `${round.format(cents / 100)} ${data.currency}`;
  const measured = (measure, value) => (measure === "money" ? money(value) : dur(value));

  /* Elements are made of text nodes only: names from users never become markup. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    node.append(...children.filter((c) => c != null && c !== false).map((c) => (c instanceof Node ? c : String(c))));
    return node;
  }
  const pairs = (rows) => el("dl", { class: "pairs" }, ...rows.filter(Boolean).flatMap(([k, v]) => [el("dt", null, k), el("dd", null, v)]));

  const listeners = {};
  const on = (name, run) => (listeners[name] ||= []).push(run);
  const tell = (name, value) => (listeners[name] || []).forEach((run) => run(value));
  const byId = (id) => document.getElementById(id);

  let colours = null;
  const colour = (name) => {
    colours ||= getComputedStyle(document.documentElement);
    return colours.getPropertyValue(`--${name}`).trim();
  };
  on("theme", () => { colours = null; });

  function lotName(lot) {
    const { lots, orders } = data;
    if (lots.id[lot] !== null) return lots.id[lot];
    const item = lots.items[lots.item[lot]], order = lots.order[lot];
    return order < 0 ? item : item ? `${orders.id[order]}/${item}` : orders.id[order];
  }
  const itemName = (lot) => data.lots.items[data.lots.item[lot]] || "product";
  const variantOf = (order) => data.orders.variants[data.orders.variant[order]];
  const deliveryKind = (order) => (order < 0 ? "shared" : data.orders.late[order] > 0 ? "late" : data.orders.due[order] < 0 ? "no-due" : "on-time");

  return { data, clock, local, tickOf, when, due, dur, money, coins, measured, plain, one, el, pairs, on, tell, byId, colour, lotName,
    itemName, variantOf, deliveryKind, MONTHS, DAYS, two };
})();
