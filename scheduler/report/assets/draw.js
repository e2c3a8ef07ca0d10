"use strict";
/* Draws the visible part of the Gantt chart on a canvas. Bars narrower than a pixel are merged, so that its cost does not grow with the schedule. */
R.draw = (() => {
  const { data, clock } = R;
  const { bars, orders } = data;
  const AXIS = 44;
  const FAMILY = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7b6bb0"];
  const families = [...new Set(orders.variants.map((v) => v[0]))];
  const familyColour = (order) => (order < 0 ? R.colour("no-due") : FAMILY[families.indexOf(R.variantOf(order)[0]) % FAMILY.length]);
  const orderColour = (order) => (order < 0 ? R.colour("no-due") : FAMILY[order % FAMILY.length]);
  const font = (size, weight) => `${weight || 400} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif`;

  function hatch(ctx, ink, paper) {
    const size = 6 * (window.devicePixelRatio || 1), tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const t = tile.getContext("2d");
    t.fillStyle = paper; t.fillRect(0, 0, size, size);
    t.strokeStyle = ink; t.lineWidth = size / 4.5;
    t.beginPath();
    for (const shift of [-size, 0, size]) { t.moveTo(shift - 1, size + 1); t.lineTo(shift + size + 1, -1); }
    t.stroke();
    const pattern = ctx.createPattern(tile, "repeat");
    const ratio = window.devicePixelRatio || 1;
    pattern.setTransform(new DOMMatrix().scale(1 / ratio, 1 / ratio));
    return pattern;
  }

  /* The theme's colours, read once per theme. */
  let paint = null;
  R.on("theme", () => { paint = null; });
  function colours(ctx) {
    if (!paint) {
      paint = {};
      for (const name of ["page", "card", "ink", "muted", "line", "faint", "accent", "on-time", "late", "no-due", "shared", "reconfig", "closed", "overtime", "blocked", "upkeep"]) paint[name] = R.colour(name);
      paint.hatch = hatch(ctx, paint.reconfig, paint.card);
      paint.stands = hatch(ctx, paint.blocked, paint.card);
    }
    return paint;
  }

  /* Grid lines of the time axis: [tick, label, strong]. */
  function grid(view) {
    const span = view.to - view.from, wanted = view.width / 90;
    if (clock.integer) {
      const rough = span / wanted, power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
      const step = Math.max(1, [1, 2, 5, 10].find((f) => f * power >= rough) * power), found = [];
      for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) found.push([t, R.plain.format(t), false]);
      return { minor: found, major: [] };
    }
    const millis = span * clock.tick, HOUR = 3600e3, DAY = 24 * HOUR;
    const step = [HOUR / 12, HOUR / 4, HOUR / 2, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY].find((s) => s >= millis / wanted);
    if (!step) return months(view, [1, 2, 3, 6, 12].find((m) => m * 30.4 * DAY >= millis / wanted) || 12);
    const MONDAY = 4 * DAY, shift = step >= 7 * DAY ? MONDAY : 0;
    const minor = [], major = [];
    const first = R.local(view.from).getTime();
    for (let t = Math.floor((first - shift) / step) * step + shift; ; t += step) {
      const tick = R.tickOf(t);
      if (tick > view.to) break;
      const d = new Date(t);
      minor.push([tick, step < DAY ? `${R.two(d.getUTCHours())}:${R.two(d.getUTCMinutes())}` : step < 7 * DAY ? `${R.DAYS[d.getUTCDay()]} ${d.getUTCDate()}` : `${d.getUTCDate()} ${R.MONTHS[d.getUTCMonth()]}`, d.getUTCHours() === 0]);
    }
    const daily = step < DAY, start = new Date(first);
    let t = daily ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()) : Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1);
    for (;;) {
      const tick = R.tickOf(t), d = new Date(t);
      if (tick > view.to) break;
      major.push([tick, daily ? `${R.DAYS[d.getUTCDay()]} ${d.getUTCDate()} ${R.MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}` : `${R.MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`]);
      t = daily ? t + DAY : Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1);
    }
    return { minor, major };
  }

  function months(view, step) {
    const minor = [], major = [], start = R.local(view.from);
    for (let m = Math.floor(start.getUTCMonth() / step) * step; ; m += step) {
      const t = Date.UTC(start.getUTCFullYear(), m, 1), d = new Date(t), tick = R.tickOf(t);
      if (tick > view.to) break;
      minor.push([tick, R.MONTHS[d.getUTCMonth()], d.getUTCMonth() === 0]);
      if (!major.length || d.getUTCMonth() === 0) major.push([tick, String(d.getUTCFullYear())]);
    }
    return { minor, major };
  }

  function fit(ctx, text, width) {
    if (width < 14) return "";
    if (ctx.measureText(text).width <= width) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (ctx.measureText(text.slice(0, middle) + "…").width <= width) low = middle; else high = middle - 1;
    }
    return low > 1 ? text.slice(0, low) + "…" : "";
  }

  /* First bar of a row that may reach into the view; rows are sorted by start, so a bar before it can only if it is long. */
  function firstVisible(row, from) {
    if (row.longest === undefined) row.longest = row.list.reduce((m, b) => Math.max(m, bars.start[b] + bars.length[b] - bars.recStart[b]), 0);
    let low = 0, high = row.list.length;
    while (low < high) { const m = (low + high) >> 1; if (bars.start[row.list[m]] < from - row.longest) low = m + 1; else high = m; }
    return low;
  }

  const { shop } = data;
  const place = (row, i, top) => {
    const stripe = row.resource === undefined ? undefined : shop.stripe.get(row.list[i]);
    const inner = row.height - 8, lanes = stripe && !row.lane ? stripe[1] : row.lanes, h = inner / lanes, k = row.lane ? row.lane[i] : stripe ? stripe[0] : 0;
    return { y: top + 4 + k * h, h: Math.max(2, h - (row.lanes > 1 ? 1.5 : 0)) };
  };

  function closed(ctx, c, view, row, top) {
    if (row.calendar < 0) return;
    const { start, length } = data.calendars[row.calendar];
    ctx.fillStyle = c.closed;
    let last = -1;
    for (let i = 0; i < start.length; i++) {
      if (start[i] > view.to) break;
      if (start[i] + length[i] < view.from) continue;
      const a = Math.max(view.left, view.x(start[i])), b = Math.min(view.left + view.width, view.x(start[i] + length[i]));
      if (b - a < 0.4 && b < last + 1) continue;
      ctx.fillRect(a, top, Math.max(0.4, b - a), row.height);
      last = b;
    }
  }

  /* A reconfiguration, hatched while its resource works, a line while it pauses. */
  function change(ctx, c, view, bar, a, b, y, h) {
    const { start, length } = data.calendars[data.resources.calendar[bars.resource[bar]]];
    let low = 0, high = start.length;
    while (low < high) { const m = (low + high) >> 1; if (start[m] + length[m] <= bars.recStart[bar]) low = m + 1; else high = m; }
    ctx.strokeStyle = c.reconfig; ctx.fillStyle = c.hatch; ctx.lineWidth = 0.75;
    const piece = (from, to) => { if (to - from > 0.5) { ctx.fillRect(from, y + 1, to - from, h - 2); ctx.strokeRect(from + 0.4, y + 1.4, Math.max(0.1, to - from - 0.8), h - 2.8); } };
    let at = a;
    for (let i = low; i < start.length && view.x(start[i]) < b; i++) {
      const x0 = Math.max(a, view.x(start[i])), x1 = Math.min(b, view.x(start[i] + length[i]));
      piece(at, x0);
      ctx.beginPath(); ctx.moveTo(x0, y + h / 2); ctx.lineTo(x1, y + h / 2); ctx.stroke();
      at = x1;
    }
    piece(at, b);
  }

  /* Overtime that was opened, tinted, on the resources of its calendar. */
  function overtime(ctx, c, view, row, top) {
    for (const [, start, end, resources] of shop.overtime) {
      if (end < view.from || start > view.to || !resources.includes(row.resource)) continue;
      ctx.fillStyle = c.overtime;
      ctx.fillRect(view.x(start), top, Math.max(1.5, view.x(end) - view.x(start)), row.height);
    }
  }

  /* People or pieces in use over time, filled, under how many there are, a line. */
  function poolRow(ctx, c, view, row, top) {
    const { time, load, capacity } = row.pool, most = Math.max(1, ...capacity.slice(0, 5000), ...load.slice(0, 5000));
    const base = top + row.height - 5, scale = (row.height - 12) / most, left = view.left, right = view.left + view.width;
    const block = (from, to, value, colour) => {
      const a = Math.floor(Math.max(left, view.x(time[from]))), b = Math.ceil(Math.min(right, view.x(time[to])));
      ctx.fillStyle = colour; ctx.fillRect(a, base - value * scale, Math.max(1, b - a), value * scale);
      return [a, b];
    };
    for (let i = 0, next; i < capacity.length; i = next) {
      for (next = i + 1; next < capacity.length && capacity[next] === capacity[i]; next++);
      if (time[next] < view.from || time[i] > view.to) continue;
      const [a, b] = block(i, next, capacity[i], c.closed), up = i ? capacity[i - 1] : capacity[i];
      ctx.fillStyle = c.muted; ctx.fillRect(a, base - capacity[i] * scale - 0.5, b - a, 1);
      ctx.fillRect(a, base - Math.max(capacity[i], up) * scale, 1, Math.abs(capacity[i] - up) * scale);
    }
    for (let i = 0, next; i < load.length; i = next) {
      const over = load[i] > capacity[i];
      for (next = i + 1; next < load.length && load[next] === load[i] && load[next] > capacity[next] === over; next++);
      if (load[i] && time[next] >= view.from && time[i] <= view.to) block(i, next, load[i], over ? c.late : c["on-time"]);
    }
  }

  /* Where moved operations were announced: an outline. */
  function ghosts(ctx, c, view, row, top) {
    for (const [bar, start] of shop.ghosts.get(row.resource) || []) {
      const a = Math.max(view.left - 4, view.x(start)), b = Math.min(view.left + view.width + 4, view.x(start + bars.length[bar]));
      if (b <= a) continue;
      ctx.strokeStyle = view.chosen >= 0 && bars.order[bar] === view.chosen ? c.ink : c.muted; ctx.lineWidth = 1.2; ctx.setLineDash([3, 2]);
      ctx.strokeRect(a + 0.5, top + 2.5, Math.max(1, b - a - 1), row.height - 6); ctx.setLineDash([]);
    }
  }

  /* Marks inside and behind a bar: pauses drawn lighter, standing on the resource hatched, what already happened. */
  function marks(ctx, c, view, bar, y, h) {
    for (const [start, length] of shop.pauses.get(bar) || []) {
      const a = Math.max(view.left - 4, view.x(start)), b = Math.min(view.left + view.width + 4, view.x(start + length));
      if (b - a < 1) continue;
      ctx.save(); ctx.globalAlpha *= 0.74; ctx.fillStyle = c.card; ctx.fillRect(a, y + 1, b - a, h - 2); ctx.restore();
    }
    const end = bars.start[bar] + bars.length[bar], stays = shop.leave.get(bar);
    if (stays) {
      const a = Math.max(view.left - 4, view.x(end)), b = Math.min(view.left + view.width + 4, view.x(end + stays));
      if (b - a > 0.5) { ctx.fillStyle = c.stands; ctx.fillRect(a, y + 1, b - a, h - 2); ctx.strokeStyle = c.blocked; ctx.lineWidth = 0.75; ctx.strokeRect(a + 0.4, y + 1.4, Math.max(0.1, b - a - 0.8), h - 2.8); }
    }
    const fact = shop.facts.get(bar);
    if (fact) {
      const a = Math.max(view.left, view.x(bars.start[bar])), b = Math.min(view.left + view.width, view.x(end));
      ctx.fillStyle = c.ink; ctx.fillRect(a, y + h - 3, Math.max(0, (fact[0] === 1 ? b : Math.min(b, Math.max(a, view.x(shop.now)))) - a), 3);
    }
  }

  function nowLine(ctx, c, view, height) {
    if (shop.now < view.from || shop.now > view.to || shop.now < 0) return;
    const x = view.x(shop.now);
    ctx.font = font(11, 600); ctx.fillStyle = c.accent;
    const w = ctx.measureText("now").width + 8, y = AXIS - 15;
    ctx.fillRect(x - 0.75, y, 1.5, height); ctx.fillRect(x, y, w, 14);
    ctx.fillStyle = c.card; ctx.textBaseline = "middle"; ctx.fillText("now", x + 4, y + 7.5);
  }

  function rowBars(ctx, c, view, row, top) {
    const { chosen, marked } = view, merged = new Map();
    for (let i = firstVisible(row, view.from); i < row.list.length; i++) {
      const bar = row.list[i], start = bars.start[bar], end = start + bars.length[bar];
      if (bars.recStart[bar] > view.to && start > view.to) break;
      if (end < view.from) continue;
      const { y, h } = place(row, i, top);
      const x0 = view.x(start), x1 = view.x(end), order = bars.order[bar];
      const mine = chosen < 0 && !marked ? true : marked ? marked.has(bar) : order === chosen || view.shared.has(bars.lot[bar]);
      const stripe = view.byOrder ? undefined : shop.stripe.get(bar);
      const fill = shop.maintenance.has(bar) ? c.upkeep : view.colouring === "family" ? familyColour(order) : view.colouring === "order" ? orderColour(order) : c[R.deliveryKind(order)];
      ctx.globalAlpha = mine ? 1 : 0.16;
      const r0 = view.x(bars.recStart[bar]), r1 = view.x(bars.recEnd[bar]);
      if (r1 - r0 > 1) {
        const a = Math.max(r0, view.left - 4), b = Math.min(r1, view.left + view.width + 4);
        if (b > a) change(ctx, c, view, bar, a, b, y, h);
      }
      if (x1 - x0 < 1) {
        const key = (Math.floor(x0) * 64 + (row.lane ? row.lane[i] : 0)) * 2 + (mine ? 1 : 0);
        if (merged.get(key) === "late" || (merged.has(key) && R.deliveryKind(order) !== "late")) continue;
        merged.set(key, R.deliveryKind(order));
        ctx.fillStyle = fill;
        ctx.fillRect(Math.floor(x0), y, x1 === x0 ? 1.5 : 1, h);
        continue;
      }
      const a = Math.max(x0, view.left - 4), b = Math.min(x1, view.left + view.width + 4), w = b - a > 3 ? b - a - 0.8 : b - a;
      ctx.fillStyle = fill;
      if (w > 5 && !stripe) { ctx.beginPath(); ctx.roundRect(a, y, w, h, 2.5); ctx.fill(); } else ctx.fillRect(a, y, w, h - (stripe && h > 4 ? 0.8 : 0));
      marks(ctx, c, view, bar, y, h);
      if (bar === view.bar) { ctx.strokeStyle = c.ink; ctx.lineWidth = 2; ctx.strokeRect(a + 1, y + 1, w - 2, h - 2); }
      if (stripe && stripe[0] === stripe[1] - 1 && w > 26 && h <= 10) batchLabel(ctx, c, view, bar, a, b, top, row.height);
      if (w > 26 && h > 10) {
        const shown = Math.max(a, view.left), pause = (shop.pauses.get(bar) || []).find(([from, length]) => view.x(from + length) > shown + 8), till = pause ? Math.min(b, view.x(pause[0])) : b;
        ctx.fillStyle = shop.maintenance.has(bar) ? c.card : view.colouring !== "delivery" ? "#0b1118" : R.theme === "dark" ? "#0b1118" : "#ffffff";
        ctx.font = font(h > 14 ? 11.5 : 10);
        const label = shop.maintenance.has(bar) ? `maintenance ${data.bars.names[bars.name[bar]]}` : view.byOrder ? data.bars.names[bars.name[bar]] : order < 0 ? R.lotName(bars.lot[bar]) : orders.id[order];
        ctx.fillText(fit(ctx, label, till - shown - 10), shown + 5, y + h / 2 + 0.5);
      }
    }
    ctx.globalAlpha = 1;
  }

  /* The members of a batch, over its stripes. */
  function batchLabel(ctx, c, view, bar, a, b, top, height) {
    const names = shop.members.get(bar).map((m) => (bars.order[m] < 0 ? R.lotName(bars.lot[m]) : orders.id[bars.order[m]]));
    const shown = Math.max(a, view.left), y = top + height / 2;
    ctx.font = font(11, 600);
    const text = [names.join(", "), `${names.length} ×`].find((t) => ctx.measureText(t).width <= b - shown - 10);
    if (!text) return;
    ctx.fillStyle = c.card; ctx.globalAlpha = 0.9; ctx.beginPath(); ctx.roundRect(shown + 3, y - 7, ctx.measureText(text).width + 6, 14, 3); ctx.fill(); ctx.globalAlpha = 1;
    ctx.fillStyle = c.ink; ctx.fillText(text, shown + 6, y + 0.5);
  }

  /* Due date of an order's row, and the time from it to delivery where that is later. */
  function dueMark(ctx, c, view, row, top) {
    const due = orders.due[row.order];
    if (row.order < 0 || due < 0) return;
    const x = view.x(due), late = orders.late[row.order] > 0;
    if (late) {
      const a = Math.max(x, view.left), b = Math.min(view.x(orders.delivery[row.order]), view.left + view.width);
      if (b > a) { ctx.fillStyle = c.late; ctx.globalAlpha = 0.14; ctx.fillRect(a, top + 1, b - a, row.height - 2); ctx.globalAlpha = 1; }
    }
    ctx.strokeStyle = c.ink; ctx.lineWidth = 1.6; ctx.setLineDash([3, 2]);
    ctx.beginPath(); ctx.moveTo(x, top + 2); ctx.lineTo(x, top + row.height - 2); ctx.stroke();
    ctx.setLineDash([]);
  }

  function axis(ctx, c, view, lines) {
    ctx.fillStyle = c.card; ctx.fillRect(0, 0, view.left + view.width, AXIS);
    ctx.save(); ctx.beginPath(); ctx.rect(view.left, 0, view.width, AXIS); ctx.clip();
    ctx.textBaseline = "middle"; ctx.font = font(11.5); ctx.fillStyle = c.muted;
    lines.minor.forEach(([tick, label], i) => {
      const x = view.x(tick), next = i + 1 < lines.minor.length ? view.x(lines.minor[i + 1][0]) : Infinity, at = Math.max(x, view.left);
      if (next - at > ctx.measureText(label).width + 6) ctx.fillText(label, at + 4, lines.major.length ? 32 : 22);
    });
    ctx.font = font(12, 600); ctx.fillStyle = c.ink;
    lines.major.forEach(([tick, label], i) => {
      const x = Math.max(view.left, view.x(tick)), next = i + 1 < lines.major.length ? view.x(lines.major[i + 1][0]) : Infinity;
      if (next - x > ctx.measureText(label).width + 10) ctx.fillText(label, x + 4, 13);
    });
    ctx.restore();
    dueTriangles(ctx, c, view);
    ctx.fillStyle = c.line; ctx.fillRect(0, AXIS - 1, view.left + view.width, 1);
  }

  /* Every due date as a small mark on the axis, merged where they fall on one pixel; missed ones in the colour of late. */
  function dueTriangles(ctx, c, view) {
    const seen = new Map();
    for (let j = 0; j < orders.count; j++) {
      const due = orders.due[j];
      if (due < view.from || due > view.to) continue;
      const x = Math.round(view.x(due) / 3) * 3;
      seen.set(x, seen.get(x) || orders.late[j] > 0);
    }
    for (const [x, late] of seen) {
      ctx.fillStyle = late ? c.late : c.muted;
      ctx.beginPath(); ctx.moveTo(x - 3.5, AXIS - 7); ctx.lineTo(x + 3.5, AXIS - 7); ctx.lineTo(x, AXIS - 1); ctx.fill();
    }
  }

  function label(ctx, c, view, row, top) {
    const chosen = row.order >= 0 && row.order === view.chosen;
    ctx.font = font(12.5, chosen ? 700 : 500); ctx.fillStyle = chosen ? c.accent : c.ink; ctx.textBaseline = "middle";
    const wide = view.left >= 150, text = fit(ctx, row.name, view.left - 20);
    ctx.fillText(text, 12, top + row.height / 2);
    if (!wide || !row.detail) return;
    const used = ctx.measureText(text).width;
    ctx.font = font(11); ctx.fillStyle = c.muted;
    ctx.fillText(fit(ctx, row.detail, view.left - used - 34), 20 + used, top + row.height / 2);
  }

  function moments(ctx, c, view, height) {
    if (view.chosen < 0) return;
    const due = orders.due[view.chosen], delivery = orders.delivery[view.chosen], late = orders.late[view.chosen] > 0;
    for (const [tick, text, colour] of [[due, "due", c.ink], [delivery, "delivery", late ? c.late : c["on-time"]]]) {
      if (tick < view.from || tick > view.to) continue;
      const x = view.x(tick);
      ctx.strokeStyle = colour; ctx.lineWidth = 1.5; ctx.setLineDash(text === "due" ? [5, 4] : []);
      ctx.beginPath(); ctx.moveTo(x, AXIS); ctx.lineTo(x, height); ctx.stroke(); ctx.setLineDash([]);
      ctx.font = font(11, 600);
      const w = ctx.measureText(text).width + 8, y = text === "due" ? AXIS : AXIS + 17;
      ctx.fillStyle = colour; ctx.fillRect(x, y, w, 16); ctx.fillStyle = c.card; ctx.textBaseline = "middle"; ctx.fillText(text, x + 4, y + 8.5);
    }
  }

  /* view: from, to (ticks), left, width (px), x(tick), scroll, rows, chosen, shared, bar, marked, byOrder, colouring. */
  function chart(ctx, view, height) {
    const c = colours(ctx), { rows } = view, lines = grid(view);
    ctx.fillStyle = c.card; ctx.fillRect(0, 0, view.left + view.width, height);
    let i = Math.max(0, rowAt(rows, view.scroll));
    ctx.save(); ctx.beginPath(); ctx.rect(view.left, AXIS, view.width, height - AXIS); ctx.clip();
    const visible = [];
    for (; i < rows.length && rows.top[i] - view.scroll + AXIS < height; i++) visible.push([rows[i], rows.top[i] - view.scroll + AXIS]);
    for (const [row, top] of visible) { closed(ctx, c, view, row, top); if (row.resource !== undefined) overtime(ctx, c, view, row, top); }
    for (const [tick, , strong] of lines.minor) { ctx.fillStyle = strong && lines.minor.length < 60 ? c.line : c.faint; ctx.fillRect(Math.round(view.x(tick)), AXIS, 1, height); }
    ctx.textBaseline = "middle";
    for (const [row, top] of visible) {
      if (row.order >= 0 && row.order === view.chosen) { ctx.fillStyle = c.faint; ctx.fillRect(view.left, top, view.width, row.height); }
      if (view.byOrder) dueMark(ctx, c, view, row, top);
      if (row.pool) poolRow(ctx, c, view, row, top); else rowBars(ctx, c, view, row, top);
      if (row.resource !== undefined) ghosts(ctx, c, view, row, top);
      ctx.fillStyle = c.faint; ctx.fillRect(view.left, top + row.height - 1, view.width, 1);
    }
    moments(ctx, c, view, height);
    ctx.restore();
    ctx.fillStyle = c.card; ctx.fillRect(0, AXIS, view.left, height - AXIS);
    ctx.save(); ctx.beginPath(); ctx.rect(0, AXIS, view.left, height - AXIS); ctx.clip();
    for (const [row, top] of visible) { label(ctx, c, view, row, top); ctx.fillStyle = c.faint; ctx.fillRect(0, top + row.height - 1, view.left, 1); }
    ctx.restore();
    ctx.fillStyle = c.line; ctx.fillRect(view.left - 1, 0, 1, height);
    axis(ctx, c, view, lines);
    nowLine(ctx, c, view, height);
  }

  function rowAt(rows, y) {
    let low = 0, high = rows.length;
    while (low < high) { const m = (low + high) >> 1; if (rows.top[m + 1] <= y) low = m + 1; else high = m; }
    return low < rows.length ? low : -1;
  }

  return { chart, rowAt, place, firstVisible, colours, families, familyColour, orderColour, AXIS };
})();
