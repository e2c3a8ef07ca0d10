"use strict";
/* The Gantt chart: its view, zoom and pan, hover, selection and keyboard. */
R.gantt = (() => {
  const { data, clock, el } = R;
  const { bars, orders } = data;
  const box = R.byId("gantt"), canvas = box.querySelector("canvas"), tall = box.querySelector(".tall");
  const overview = R.byId("overview"), tip = R.byId("tip");
  const ctx = canvas.getContext("2d"), octx = overview.getContext("2d");
  const FULL = [0 - clock.end * 0.01, clock.end * 1.02];
  const part = data.window[1] < clock.end;
  const view = { from: part ? Math.max(FULL[0], -0.02 * data.window[1]) : FULL[0], to: part ? data.window[1] : FULL[1], left: 160, width: 100, scroll: 0, chosen: -1,
    shared: new Set(), bar: -1, marked: null, byOrder: false, colouring: orders.due.some((d) => d >= 0) ? "delivery" : "order" };
  view.x = (tick) => view.left + ((tick - view.from) / (view.to - view.from)) * view.width;
  const tickAt = (x) => view.from + ((x - view.left) / view.width) * (view.to - view.from);
  const kinds = { resource: null, order: null };
  let height = 400, pending = false, histogram = null, printing = false;

  function rows() {
    const kind = view.byOrder ? "order" : "resource";
    kinds[kind] ||= view.byOrder ? R.rows.byOrder() : R.rows.byResource();
    return (view.rows = kinds[kind]);
  }

  function size() {
    const list = rows(), total = list.top[list.length] + R.draw.AXIS + 2;
    const most = printing ? 2400 : Math.max(300, Math.min(700, window.innerHeight * 0.76));
    height = Math.min(total, most);
    box.style.height = `${height}px`;
    const width = box.clientWidth, ratio = window.devicePixelRatio || 1;
    view.left = width < 560 ? 92 : Math.min(190, Math.max(140, width * 0.15));
    view.width = width - view.left;
    for (const [c, w, h] of [[canvas, width, height], [overview, overview.clientWidth, 44]]) {
      c.width = Math.round(w * ratio); c.height = Math.round(h * ratio);
    }
    canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
    tall.style.height = `${Math.max(0, total - height)}px`;
    histogram = null;
    draw();
  }

  function draw() {
    if (printing) { paint(); return; }
    if (pending) return;
    pending = true;
    requestAnimationFrame(paint);
  }
  function paint() {
    pending = false;
    const ratio = window.devicePixelRatio || 1;
    view.scroll = box.scrollTop;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    R.draw.chart(ctx, view, height);
    octx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawOverview();
  }

  /* How many resources run at each pixel of the whole span: the map below the chart. */
  function counts(width) {
    const steps = new Int32Array(width + 2), full = FULL[1] - FULL[0];
    for (let bar = 0; bar < bars.count; bar++) {
      const a = Math.floor(((bars.start[bar] - FULL[0]) / full) * width);
      const b = Math.max(a + 1, Math.ceil(((bars.start[bar] + bars.length[bar] - FULL[0]) / full) * width));
      steps[a]++; steps[Math.min(width, b)]--;
    }
    for (let i = 1; i < width; i++) steps[i] += steps[i - 1];
    return steps.subarray(0, width);
  }

  function drawOverview() {
    const w = overview.clientWidth, h = 44, c = R.draw.colours(ctx), inner = Math.max(10, Math.floor(w - view.left));
    histogram ||= counts(inner);
    let most = 1;
    for (const n of histogram) most = Math.max(most, n);
    octx.fillStyle = c.card; octx.fillRect(0, 0, w, h);
    octx.fillStyle = c["on-time"]; octx.globalAlpha = 0.55;
    for (let i = 0; i < inner; i++) { const y = (histogram[i] / most) * (h - 10); octx.fillRect(view.left + i, h - 3 - y, 1, y); }
    octx.globalAlpha = 1;
    const x = (t) => view.left + ((t - FULL[0]) / (FULL[1] - FULL[0])) * inner;
    const a = Math.max(view.left, x(view.from)), b = Math.min(w, Math.max(x(view.to), a + 4));
    octx.fillStyle = c.page; octx.globalAlpha = 0.66;
    octx.fillRect(view.left, 0, a - view.left, h); octx.fillRect(b, 0, w - b, h);
    octx.globalAlpha = 1; octx.strokeStyle = c.accent; octx.lineWidth = 1.5; octx.strokeRect(a + 0.75, 1, b - a - 1.5, h - 2);
    octx.fillStyle = c.muted; octx.font = '11.5px system-ui, "Segoe UI", Arial, sans-serif'; octx.textBaseline = "middle"; octx.fillText("Overview", 12, h / 2);
  }

  const least = () => Math.max(clock.integer ? 5 : (10 * 60000) / clock.tick, 1);
  function show(from, to) {
    const span = Math.min(FULL[1] - FULL[0], Math.max(least(), to - from));
    from = Math.max(FULL[0], Math.min(FULL[1] - span, from));
    view.from = from; view.to = from + span;
    hideTip(); draw();
  }
  const zoom = (factor, x) => {
    const at = tickAt(x ?? view.left + view.width / 2);
    const span = Math.min(FULL[1] - FULL[0], Math.max(least(), (view.to - view.from) * factor));
    const share = (at - view.from) / (view.to - view.from);
    show(at - share * span, at + (1 - share) * span);
  };
  const pan = (ticks) => show(view.from + ticks, view.to + ticks);
  const scale = () => (view.to - view.from) / view.width;

  function barAt(px, py) {
    if (py < R.draw.AXIS || px < view.left) return -1;
    const y = py - R.draw.AXIS + box.scrollTop, i = R.draw.rowAt(view.rows, y);
    if (i < 0) return -1;
    const row = view.rows[i], reach = 3 * scale(), at = tickAt(px);
    let best = -1, near = Infinity;
    for (let k = R.draw.firstVisible(row, at - reach); k < row.list.length; k++) {
      const bar = row.list[k], start = Math.min(bars.start[bar], bars.recStart[bar]), end = bars.start[bar] + bars.length[bar];
      if (bars.start[bar] > at + reach && bars.recStart[bar] > at + reach) break;
      if (end < at - reach || start > at + reach) continue;
      const { y: top, h } = R.draw.place(row, k, view.rows.top[i]);
      if ((row.lanes > 1 || data.shop.stripe.has(bar)) && (y < top - 1 || y > top + h + 1)) continue;
      const away = at < start ? start - at : at > end ? at - end : bars.start[bar] > at ? 0.5 : 0;
      if (away < near || (away === near && bars.length[bar] < bars.length[best])) { best = bar; near = away; }
    }
    return best;
  }

  function facts(bar) {
    const order = bars.order[bar], lot = bars.lot[bar], start = bars.start[bar], end = start + bars.length[bar];
    const follows = R.rows.nextOf(bar), here = R.rows.nextOnResource(bar), name = (b) => bars.names[bars.name[b]];
    const change = bars.recEnd[bar] > bars.recStart[bar];
    const conf = bars.configurations[bars.configuration[bar]];
    return [
      ["Order", order < 0 ? "shared by several orders" : orders.id[order]],
      ["Item", R.itemName(lot)], ["Lot", `${R.lotName(lot)} · ${R.plain.format(data.lots.quantity[lot])} pcs`],
      ["Resource", `${data.resources.id[bars.resource[bar]]} as ${conf}`],
      bars.mode.has(bar) && ["Way", `alternative ${bars.mode.get(bar)}`],
      ["Start", R.when(start, true)], ["End", R.when(end, true)], ["Duration", R.dur(bars.length[bar])],
      ...shopFacts(bar),
      change && ["Reconfigured", `${R.when(bars.recStart[bar], true)} to ${R.when(bars.recEnd[bar], true)}`],
      ["Then", follows === undefined ? (order < 0 ? "the orders that wait for it" : "last of its order") : `${name(follows)} on ${data.resources.id[bars.resource[follows]]}, ${R.when(bars.start[follows], true)}`],
      here !== undefined && ["Next here", `${name(here)} of ${R.lotName(bars.lot[here])}, ${R.when(bars.start[here], true)}`],
    ];
  }

  /* What is known about a bar beyond the plain shop. */
  function shopFacts(bar) {
    const { shop } = data, pauses = (shop.pauses.get(bar) || []).reduce((t, [, length]) => t + length, 0), said = shop.announced.get(bar), mates = shop.members.get(bar);
    const fact = shop.facts.get(bar);
    return [
      shop.team.has(bar) && ["Crew", shop.team.get(bar)], pauses > 0 && ["Pauses", `${R.dur(pauses)} of it, over closed time`],
      mates && ["Batch", `with ${mates.filter((m) => m !== bar).map((m) => R.lotName(bars.lot[m])).join(", ")}`],
      shop.leave.has(bar) && ["Then stood", `${R.dur(shop.leave.get(bar))} on the resource, until there was room behind it`],
      said && ["Announced", `${R.when(said[0], true)}${said[1] >= 0 ? ` on ${data.resources.id[said[1]]}` : ""}`],
      fact && ["State", fact[0] === 1 ? "finished" : "begun"],
    ];
  }

  function showTip(bar, x, y) {
    tip.replaceChildren(el("b", null, bars.names[bars.name[bar]]), R.pairs(facts(bar)));
    tip.hidden = false;
    const w = tip.offsetWidth, h = tip.offsetHeight;
    tip.style.left = `${Math.max(8, Math.min(window.innerWidth - w - 8, x + 16))}px`;
    tip.style.top = `${y + h + 24 > window.innerHeight ? Math.max(8, y - h - 12) : y + 16}px`;
  }
  function hideTip() { tip.hidden = true; box.classList.remove("over"); }

  const pointers = new Map();
  let moved = 0, pinch = 0, active = false;
  const local = (e) => { const r = box.getBoundingClientRect(); return [e.clientX - r.left, e.clientY - r.top]; };

  function pressed(e) {
    if (e.pointerType === "mouse" && e.button !== 0) return;
    pointers.set(e.pointerId, [e.clientX, e.clientY]);
    moved = pointers.size > 1 ? 99 : 0; pinch = 0;
    if (e.clientX < box.getBoundingClientRect().left + box.clientWidth) canvas.setPointerCapture(e.pointerId);
    active = true;
  }
  function dragged(e) {
    const before = pointers.get(e.pointerId);
    if (!before) { if (e.pointerType === "mouse") hovered(e); return; }
    const dx = e.clientX - before[0], dy = e.clientY - before[1];
    pointers.set(e.pointerId, [e.clientX, e.clientY]);
    moved += Math.abs(dx) + Math.abs(dy);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()], apart = Math.max(20, Math.abs(a[0] - b[0]));
      if (pinch) zoom(pinch / apart, (a[0] + b[0]) / 2 - box.getBoundingClientRect().left);
      pinch = apart;
    } else if (moved > 4) {
      box.classList.add("moving");
      if (e.pointerType === "mouse") box.scrollTop -= dy;
      pan(-dx * scale());
    }
  }
  function released(e) {
    if (!pointers.delete(e.pointerId)) return;
    box.classList.remove("moving"); pinch = 0;
    if (e.type === "pointercancel" || moved > 4) return;
    const [x, y] = local(e), bar = barAt(x, y), i = R.draw.rowAt(view.rows, y - R.draw.AXIS + box.scrollTop);
    if (bar >= 0) { choose(bars.order[bar], bar); if (e.pointerType === "mouse") showTip(bar, e.clientX, e.clientY); }
    else if (x < view.left && i >= 0 && view.rows[i].order >= 0) choose(view.rows[i].order, -1);
    else choose(-1, -1);
  }
  function hovered(e) {
    const [x, y] = local(e), bar = barAt(x, y);
    box.classList.toggle("over", bar >= 0);
    if (bar < 0) hideTip(); else showTip(bar, e.clientX, e.clientY);
  }

  /* Highlights an order (or the bar of a shared lot) and tells the rest of the page. */
  function choose(order, bar) {
    view.chosen = order; view.bar = bar;
    view.shared = order >= 0 ? R.rows.sharedOf(order) : new Set();
    view.marked = order < 0 && bar >= 0 ? new Set(R.rows.barsOf(-1).filter((b) => bars.lot[b] === bars.lot[bar])) : null;
    draw();
    R.tell("chosen", { order, bar, facts: bar >= 0 ? facts(bar) : null });
  }

  /* Scrolls and, where needed, zooms so that an order's bars are in sight. */
  function reveal(order) {
    const mine = R.rows.barsOf(order), narrow = window.innerWidth <= 760;
    choose(order, -1);
    (narrow ? box : R.byId("schedule")).scrollIntoView({ block: narrow ? "start" : "nearest" });
    if (!mine.length) return;
    const from = bars.recStart[mine[0]], to = mine.reduce((m, b) => Math.max(m, bars.start[b] + bars.length[b]), 0);
    const span = Math.max((to - from) * 1.3, Math.min(view.to - view.from, (to - from) * 6));
    if (from < view.from || to > view.to || view.to - view.from > (to - from) * 12) show((from + to) / 2 - span / 2, (from + to) / 2 + span / 2);
    const i = view.byOrder ? view.rows.findIndex((row) => row.order === order) : bars.resource[mine[0]];
    const top = view.rows.top[i], bottom = view.rows.top[i + 1];
    if (top < box.scrollTop || bottom > box.scrollTop + height - R.draw.AXIS) box.scrollTop = top - (height - R.draw.AXIS) / 2;
    draw();
  }
  function goTo(from, to) {
    const span = Math.max((to - from) * 3, Math.min(view.to - view.from, (to - from) * 12));
    show((from + to) / 2 - span / 2, (from + to) / 2 + span / 2);
  }

  function setRows(byOrder) {
    view.byOrder = byOrder; hideTip();
    R.byId("by-resource").setAttribute("aria-pressed", String(!byOrder));
    R.byId("by-order").setAttribute("aria-pressed", String(byOrder));
    box.scrollTop = 0; size();
    if (view.chosen >= 0) reveal(view.chosen);
    legend();
  }

  function legend() {
    const chip = (colour, text, kind) => el("span", null, el("i", { class: kind || null, style: null }), text);
    const chips = [];
    const add = (colour, text) => { const c = chip(colour, text); c.firstChild.style.background = colour; chips.push(c); };
    if (view.colouring === "delivery") {
      const used = new Set(orders.late.map((_, j) => R.deliveryKind(j)));
      if (bars.order.some((order, bar) => order < 0 && !data.shop.maintenance.has(bar))) used.add("shared");
      for (const [kind, text] of [["on-time", "on time"], ["late", "late order"], ["no-due", "no due date"], ["shared", "shared by several orders"]]) if (used.has(kind)) add(R.colour(kind), text);
    } else if (view.colouring === "order") add(R.draw.orderColour(0), "one colour per order (colours repeat)");
    else R.draw.families.slice(0, 8).forEach((name) => add(R.draw.familyColour(orders.variant.findIndex((v) => orders.variants[v][0] === name)), name));
    if (bars.changes.at.length) chips.push(chip("", "reconfiguration", "hatch"));
    if (!view.byOrder && data.calendars.some((k) => k.length.length)) chips.push(chip("", "closed", "closed"));
    const { shop } = data;
    if (shop.pauses.size) chips.push(chip("", "pause", "pause"));
    if (shop.leave.size) chips.push(chip("", "finished, still on the resource", "stands"));
    if (!view.byOrder && shop.overtime.length) chips.push(chip("", "overtime opened", "overtime"));
    if (shop.maintenance.size) add(R.colour("upkeep"), "maintenance");
    if (!view.byOrder && shop.ghosts.size) chips.push(chip("", "announced there", "ghost"));
    if (shop.facts.size) chips.push(chip("", "done so far", "fact"));
    if (!view.byOrder && shop.pools.length) { add(R.colour("on-time"), "in use"); add(R.colour("closed"), "there"); }
    if (orders.due.some((d) => d >= 0)) chips.push(chip("", view.byOrder ? "due date" : "▾ due dates on the axis", view.byOrder ? "due" : "none"));
    R.byId("legend").replaceChildren(...chips);
    for (const i of R.byId("legend").querySelectorAll("i.none")) i.remove();
  }

  function keys(e) {
    const step = (view.to - view.from) / 8;
    const acts = { ArrowLeft: () => pan(-step), ArrowRight: () => pan(step), ArrowUp: () => { box.scrollTop -= 56; }, ArrowDown: () => { box.scrollTop += 56; },
      "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7), 0: () => show(...FULL), Home: () => pan(-clock.end * 2), End: () => pan(clock.end * 2), Escape: () => choose(-1, -1) };
    if (!acts[e.key] || e.ctrlKey || e.metaKey) return;
    acts[e.key](); e.preventDefault();
  }
  function wheel(e) {
    const sideways = Math.abs(e.deltaX) > Math.abs(e.deltaY) || e.shiftKey;
    if (!e.ctrlKey && !e.metaKey && !active && !sideways) return;
    e.preventDefault();
    if (sideways && !e.ctrlKey) pan((e.deltaX || e.deltaY) * scale());
    else zoom(Math.exp(Math.max(-120, Math.min(120, e.deltaY)) * (e.ctrlKey ? 0.006 : 0.0022)), local(e)[0]);
  }
  function overviewMoved(e) {
    if (e.type === "pointermove" && !e.buttons) return;
    if (e.type === "pointerdown") overview.setPointerCapture(e.pointerId);
    const r = overview.getBoundingClientRect(), share = (e.clientX - r.left - view.left) / (r.width - view.left);
    const at = FULL[0] + share * (FULL[1] - FULL[0]), span = view.to - view.from;
    show(at - span / 2, at + span / 2);
  }

  canvas.addEventListener("pointerdown", pressed);
  canvas.addEventListener("pointermove", dragged);
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("pointerleave", hideTip);
  box.addEventListener("scroll", () => { hideTip(); draw(); });
  box.addEventListener("keydown", keys);
  box.addEventListener("blur", () => { active = false; });
  box.addEventListener("wheel", wheel, { passive: false });
  box.addEventListener("touchmove", (e) => { if (e.touches.length > 1) e.preventDefault(); }, { passive: false });
  document.addEventListener("pointerdown", (e) => { if (!box.contains(e.target)) active = false; });
  for (const name of ["pointerdown", "pointermove"]) overview.addEventListener(name, overviewMoved);
  R.byId("by-resource").addEventListener("click", () => setRows(false));
  R.byId("by-order").addEventListener("click", () => setRows(true));
  R.byId("zoom-in").addEventListener("click", () => zoom(0.6));
  R.byId("zoom-out").addEventListener("click", () => zoom(1 / 0.6));
  R.byId("zoom-fit").addEventListener("click", () => show(...FULL));
  R.byId("colour").addEventListener("change", (e) => { view.colouring = e.target.value; legend(); draw(); });
  const choices = R.byId("colour");
  choices.value = view.colouring;
  if (R.draw.families.length < 2) choices.querySelector('[value="family"]').remove();
  R.on("theme", () => { legend(); draw(); });
  R.on("print", (on) => { printing = on; size(); });
  return { start: () => { legend(); new ResizeObserver(size).observe(R.byId("overview")); window.addEventListener("resize", size); size(); }, size, choose, reveal, goTo, view, barAt };
})();
