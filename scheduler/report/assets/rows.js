"use strict";
/* The rows of the Gantt chart: bars by resource, or by order with overlapping bars in lanes. */
R.rows = (() => {
  const { bars, orders, lots, resources } = R.data;
  const ROW = 28, LANE = 13, PAD = 8, POOL = 40;
  const { shop } = R.data;

  function finish(rows) {
    rows.top = new Float64Array(rows.length + 1);
    rows.forEach((row, i) => { rows.top[i + 1] = rows.top[i] + row.height; });
    return rows;
  }

  function byResource() {
    return finish(resources.id.map((name, r) => {
      const first = bars.first[r], last = bars.first[r + 1], outside = shop.outside.has(r);
      const list = Int32Array.from({ length: last - first }, (_, i) => first + i);
      const { lane, lanes } = outside ? intoLanes(list) : { lane: null, lanes: 1 };
      return { name, detail: outside ? "subcontractor" : resources.cell[r] === name ? "" : resources.cell[r], list, calendar: outside ? -1 : resources.calendar[r],
        height: Math.max(ROW, lanes * LANE + PAD), lane, lanes, order: -1, resource: r };
    }).concat(shop.pools.map((pool) => ({ name: pool.name || pool.title, detail: pool.name ? pool.kind : "", list: new Int32Array(0), calendar: -1, height: POOL, lane: null, lanes: 1,
      order: -1, pool }))));
  }

  /* First fit: a bar takes the first lane that is free at its start. */
  function intoLanes(list) {
    const ends = [], lane = new Uint8Array(list.length);
    list.forEach((bar, i) => {
      let k = ends.findIndex((end) => end <= bars.start[bar]);
      if (k < 0) k = ends.length < 40 ? ends.push(0) - 1 : 39;
      ends[k] = Math.max(ends[k], bars.start[bar] + bars.length[bar]);
      lane[i] = k;
    });
    return { lane, lanes: Math.max(1, ends.length) };
  }

  function byOrder() {
    const groups = new Map();
    const byStart = Array.from({ length: bars.count }, (_, i) => i).sort((a, b) => bars.start[a] - bars.start[b]);
    for (const bar of byStart) {
      const key = bars.order[bar] < 0 ? -1 - bars.lot[bar] : bars.order[bar];
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(bar);
    }
    const far = Number.MAX_SAFE_INTEGER;
    const rank = (key) => (key < 0 ? -1 : orders.due[key] < 0 ? far : orders.due[key]);
    const keys = [...groups.keys()].sort((a, b) => rank(a) - rank(b) || (a < 0 ? b - a : a - b));
    return finish(keys.map((key) => {
      const list = groups.get(key), { lane, lanes } = intoLanes(list);
      const shared = key < 0;
      return { name: shared ? R.lotName(-1 - key) : orders.id[key], detail: shared ? "shared" : R.variantOf(key)[0], list: Int32Array.from(list),
        calendar: -1, lane, lanes, order: shared ? -1 : key, height: Math.max(ROW, lanes * LANE + PAD) };
    }));
  }

  /* All bars of an order: its own, and those of the shared lots it waits for. */
  const shared = new Map();
  function sharedOf(order) {
    if (!R.data.pegs) return new Set();
    if (!shared.size) {
      const { pegs } = R.data;
      pegs.lot.forEach((lot, i) => {
        if (lot < 0 || lots.order[lot] >= 0 || pegs.order[i] < 0) return;
        if (!shared.has(pegs.order[i])) shared.set(pegs.order[i], new Set());
        shared.get(pegs.order[i]).add(lot);
      });
      shared.set(-1, new Set());
    }
    return shared.get(order) || new Set();
  }

  /* The next operation of the same order at or after the end of this one, the earliest. */
  let orderBars = null;
  function barsOf(order) {
    if (!orderBars) {
      orderBars = new Map();
      for (let bar = 0; bar < bars.count; bar++) {
        const key = bars.order[bar];
        if (!orderBars.has(key)) orderBars.set(key, []);
        orderBars.get(key).push(bar);
      }
      for (const list of orderBars.values()) list.sort((a, b) => bars.start[a] - bars.start[b]);
    }
    return orderBars.get(order) || [];
  }
  function nextOf(bar) {
    const end = bars.start[bar] + bars.length[bar];
    const same = barsOf(bars.order[bar]).filter((other) => other !== bar && bars.start[other] >= end);
    const lot = same.find((other) => bars.lot[other] === bars.lot[bar]);
    return bars.order[bar] < 0 ? lot : lot ?? same[0];
  }
  function nextOnResource(bar) {
    return bar + 1 < bars.first[bars.resource[bar] + 1] ? bar + 1 : undefined;
  }

  return { byResource, byOrder, sharedOf, barsOf, nextOf, nextOnResource };
})();
