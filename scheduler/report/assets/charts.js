"use strict";
/* The small charts: cost split, load, convergence, cost against speed. Drawn by ECharts in the page's colours. */
R.charts = (() => {
  const { data, el, clock } = R;
  const made = [];
  let totals = [];
  const NAMES = R.tables.SPLIT.map((name) => name[0].toUpperCase() + name.slice(1));
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';

  const lines = (title, rows) => el("div", { class: "chart-tip" }, el("b", null, title), R.pairs(rows));
  const base = () => ({
    animation: false, textStyle: { fontFamily: FONT, fontSize: 12.5, color: R.colour("muted") }, aria: { enabled: true },
    tooltip: { confine: true, backgroundColor: R.colour("card"), borderColor: R.colour("line"), textStyle: { color: R.colour("ink"), fontSize: 13, fontFamily: FONT }, padding: [8, 12] },
  });
  const axis = (more) => ({ axisLine: { lineStyle: { color: R.colour("line") } }, axisTick: { show: false }, splitLine: { lineStyle: { color: R.colour("faint") } },
    axisLabel: { color: R.colour("muted"), fontSize: 12, hideOverlap: true }, nameTextStyle: { color: R.colour("muted"), fontSize: 12 }, ...more });
  const legend = (more) => ({ textStyle: { color: R.colour("muted"), fontSize: 12.5, fontFamily: FONT }, itemWidth: 14, itemHeight: 10, icon: "rect", left: 0, top: 0, type: "plain", ...more });

  function mount(id, option) {
    const box = R.byId(id);
    if (!box) return;
    const options = option(box);
    if (!options) { box.classList.remove("chart"); box.replaceChildren(el("p", { class: "muted" }, box.dataset.empty || "Nothing to show.")); return; }
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ ...base(), ...options });
    const entry = { chart, redraw: () => chart.setOption({ ...base(), ...option(box) }, true) };
    made.push(entry);
    let width = box.clientWidth;
    new ResizeObserver(() => { if (box.clientWidth !== width || chart.getHeight() !== box.clientHeight) { width = box.clientWidth; chart.resize(); entry.redraw(); } }).observe(box);
    return entry;
  }

  function costSplit(box) {
    if (!totals.some(Boolean)) { box.dataset.empty = "No costs arise in this scenario."; return null; }
    const whole = totals.reduce((a, b) => a + b, 0), narrow = box.clientWidth < 560;
    box.style.height = narrow ? "150px" : "112px";
    return {
      legend: legend({ data: NAMES, formatter: (name) => { const v = totals[NAMES.indexOf(name)]; return `${name} ${narrow ? "" : R.coins(v)}`; }, itemGap: narrow ? 10 : 20 }),
      grid: { left: 0, right: 0, top: narrow ? 66 : 42, bottom: 8, height: 40 },
      xAxis: { type: "value", show: false, min: Math.min(0, ...totals), max: totals.reduce((a, b) => a + Math.max(0, b), 0) || 1 },
      yAxis: { type: "category", show: false, data: ["Total"] },
      tooltip: { ...base().tooltip, formatter: (p) => lines(p.seriesName, [["", R.money(p.value)], ["Share", `${R.one.format((100 * p.value) / whole)} %`]]) },
      series: NAMES.map((name, i) => ({ name, type: "bar", stack: "all", barWidth: 40, data: [totals[i]], itemStyle: { color: R.colour(`c-${name.toLowerCase()}`), borderColor: R.colour("card"), borderWidth: 1 },
        label: { show: totals[i] / whole > 0.06, formatter: `${Math.round((100 * totals[i]) / whole)} %`, color: R.theme === "dark" || i === 1 || i === 2 || i === 4 ? "#10161d" : "#fff", fontWeight: 600 } })),
    };
  }

  const { load, resources } = data;
  const buckets = load.edges.length - 1;
  const bucketName = (b) => (clock.integer ? R.plain.format(load.edges[b]) : load.unit === "hour" ? R.when(load.edges[b], true) : R.when(load.edges[b], true).replace(/ \d\d:\d\d$/, ""));
  const share = (r, b) => (load.open[r][b] ? Math.min(1, (load.operation[r][b] + load.reconfiguration[r][b]) / load.open[r][b]) : -1);
  let chosen = -1;
  /* Resources with work, the busiest first, at most 60: more cannot be read. */
  const busy = resources.id.map((_, r) => r).filter((r) => !data.shop.outside.has(r)).map((r) => [r, load.operation[r].reduce((a, b) => a + b, 0), load.open[r].reduce((a, b) => a + b, 0)])
    .sort((a, b) => b[1] / (b[2] || 1) - a[1] / (a[2] || 1)).slice(0, 60).map(([r]) => r);

  const heat = () => [[{ value: -1 }, "closed", R.colour("closed")], [{ min: 0, max: 0.2 }, "up to 20 %", R.colour("heat0")], [{ gt: 0.2, max: 0.5 }, "50 %", R.colour("heat1")],
    [{ gt: 0.5, max: 0.75 }, "75 %", R.colour("heat2")], [{ gt: 0.75, max: 0.9 }, "90 %", R.colour("heat3")], [{ gt: 0.9 }, "above", R.colour("heat4")]];
  function heatLegend() {
    R.byId("load-legend").replaceChildren(...heat().map(([, text, colour]) => { const chip = el("span", null, el("i"), text); chip.firstChild.style.background = colour; return chip; }));
  }

  function loadMap(box) {
    if (!buckets) return null;
    box.style.height = `${busy.length * 21 + 32}px`;
    const cells = [];
    busy.forEach((r, y) => { for (let b = 0; b < buckets; b++) cells.push([b, busy.length - 1 - y, share(r, b)]); });
    const narrow = box.clientWidth < 560;
    return {
      grid: { left: narrow ? 84 : 130, right: 4, top: 4, bottom: 26 },
      xAxis: axis({ type: "category", data: Array.from({ length: buckets }, (_, b) => bucketName(b)), splitArea: { show: false } }),
      yAxis: axis({ type: "category", data: [...busy].reverse().map((r) => resources.id[r]), axisLabel: { color: R.colour("ink"), fontSize: 12, width: narrow ? 76 : 120, overflow: "truncate", interval: 0 } }),
      visualMap: { type: "piecewise", show: false, pieces: heat().map(([range, , colour]) => ({ ...range, color: colour })) },
      tooltip: { ...base().tooltip, formatter: (p) => { const [b, y] = p.value, r = busy[busy.length - 1 - y]; return lines(resources.id[r], [["", bucketName(b)], ...loadRows(r, b)]); } },
      series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: R.colour("card"), borderWidth: 1.5 }, emphasis: { itemStyle: { borderColor: R.colour("ink"), borderWidth: 1.5 } } }],
    };
  }

  function loadRows(r, b) {
    const whole = load.edges[b + 1] - load.edges[b], open = load.open[r][b], work = load.operation[r][b], change = load.reconfiguration[r][b];
    return [["Operation", R.dur(work)], ["Reconfiguration", R.dur(change)], ["Idle", R.dur(Math.max(0, open - work - change))], ["Closed", R.dur(whole - open)],
      open > 0 && ["Used", `${Math.round((100 * (work + change)) / open)} % of open time`]];
  }

  function column(b) {
    const list = chosen < 0 ? resources.id.map((_, r) => r).filter((r) => !data.shop.outside.has(r)) : [chosen];
    const at = { work: 0, change: 0, open: 0, whole: (load.edges[b + 1] - load.edges[b]) * list.length };
    for (const r of list) { at.work += load.operation[r][b]; at.change += load.reconfiguration[r][b]; at.open += load.open[r][b]; }
    const idle = Math.max(0, at.open - at.work - at.change);
    return [at.work, at.change, idle, Math.max(0, at.whole - at.work - at.change - idle)];
  }

  function loadChart(box) {
    if (!buckets) return null;
    const table = Array.from({ length: buckets }, (_, b) => column(b));
    const names = ["Operation", "Reconfiguration", "Idle", "Closed"];
    const colours = [R.colour("on-time"), R.colour("c-reconfiguration"), R.colour("heat1"), R.colour("faint")];
    return {
      legend: legend({ data: names }), grid: { left: 44, right: 4, top: box.clientWidth < 480 ? 58 : 40, bottom: 26 },
      xAxis: axis({ type: "category", data: table.map((_, b) => bucketName(b)) }), yAxis: axis({ type: "value", max: 100, axisLabel: { color: R.colour("muted"), formatter: "{value} %" } }),
      tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: (list) => { const b = list[0].dataIndex; return lines(bucketName(b), names.map((n, i) => [n, R.dur(table[b][i])])); } },
      series: names.map((name, i) => ({ name, type: "bar", stack: "all", barCategoryGap: "14%", itemStyle: { color: colours[i], decal: i === 1 ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: Math.PI / 4, color: "rgba(0,0,0,.35)" } : { symbol: "none" } },
        data: table.map((row) => { const all = row.reduce((a, b) => a + b, 0); return all ? (100 * row[i]) / all : 0; }) })),
    };
  }

  /* Use of a crew, fixture or other pool over time, as steps under how many there are. */
  const { pools } = data.shop;
  let pool = 0;
  function poolChart(box) {
    const p = pools[pool];
    if (!p) return null;
    const steps = (values) => { const list = values.map((v, i) => [p.time[i], v]); list.push([p.time[values.length], values[values.length - 1] ?? 0]); return list; };
    const last = p.time[p.time.length - 1];
    return {
      legend: legend({ data: ["In use", "There"], icon: null }), grid: { left: 8, right: 18, top: 40, bottom: 30, containLabel: true },
      xAxis: axis({ type: "value", min: 0, max: last, interval: timeSteps([0, last], box.clientWidth < 560 ? 3 : 7).interval, axisLabel: { color: R.colour("muted"), hideOverlap: true, formatter: (t) => R.when(t, true) } }),
      yAxis: axis({ type: "value", minInterval: 1, axisLabel: { color: R.colour("muted") } }),
      tooltip: { ...base().tooltip, trigger: "axis", formatter: (list) => lines(`from ${R.when(list[0].value[0], true)}`, list.map((q) => [q.seriesName, R.plain.format(q.value[1])])) },
      series: [
        { name: "In use", type: "line", step: "end", symbol: "none", data: steps(p.load), lineStyle: { color: R.colour("on-time"), width: 1.5 }, areaStyle: { color: R.colour("on-time"), opacity: 0.5 }, itemStyle: { color: R.colour("on-time") } },
        { name: "There", type: "line", step: "end", symbol: "none", data: steps(p.capacity), lineStyle: { color: R.colour("ink"), width: 1.5, type: [6, 4] }, itemStyle: { color: R.colour("ink") } },
      ],
    };
  }
  function poolCaption() {
    const p = pools[pool];
    let used = 0, there = 0;
    p.load.forEach((v, i) => { const w = p.time[i + 1] - p.time[i]; used += v * w; there += p.capacity[i] * w; });
    const unit = p.kind === "crew" ? "People" : p.kind === "orders" ? "Orders" : "Pieces";
    R.byId("pool-caption").textContent = there ? `${unit} of ${p.title} in use over time: ${R.one.format((100 * used) / there)} % of what is there.` : `${p.title}: never there.`;
  }

  function trace(box) {
    const events = data.trace.filter((e) => e[1] !== null || e[2] !== null);
    if (!events.length) { box.dataset.empty = "This schedule came without a record of its search."; return null; }
    const measure = data.measure, last = Math.max(events[events.length - 1][0], 0.001);
    const series = (k) => { const list = events.filter((e) => e[k] !== null).map((e) => [e[0], e[k]]).filter((p, i, all) => !i || p[1] !== all[i - 1][1]); if (list.length) list.push([last, list[list.length - 1][1]]); return list; };
    const short = (v) => (measure === "money" ? R.coins(v) : R.dur(v));
    const mark = (name, k, colour, dash) => ({ name, type: "line", step: "end", symbolSize: events.length < 80 ? 5 : 0, symbol: "circle", data: series(k), lineStyle: { color: colour, width: 2, type: dash }, itemStyle: { color: colour } });
    return {
      legend: legend({ data: ["Objective", "Proven bound"], icon: null }), grid: { left: 8, right: 18, top: 40, bottom: 30, containLabel: true },
      xAxis: axis({ type: "value", name: "seconds", nameLocation: "middle", nameGap: 26, max: last, axisLabel: { color: R.colour("muted"), showMaxLabel: false, formatter: (v) => R.one.format(v) } }),
      yAxis: axis({ type: "value", scale: true, axisLabel: { color: R.colour("muted"), formatter: short } }),
      tooltip: { ...base().tooltip, trigger: "axis", formatter: (list) => lines(`after ${R.one.format(list[0].value[0])} s`, list.map((p) => [p.seriesName, R.measured(measure, p.value[1])])) },
      series: [mark("Objective", 1, R.colour("on-time"), "solid"), mark("Proven bound", 2, R.colour("shared"), [6, 4])],
    };
  }

  /* Steps of an axis of durations that people count in: hours and days instead of powers of ten of ticks. */
  function timeSteps(values, wanted) {
    const low = Math.min(...values), high = Math.max(...values), hour = 3600000 / (clock.tick || 1);
    if (clock.integer || high <= low) return {};
    const days = [1, 2, 5].flatMap((f) => [1, 10, 100, 1000, 10000].map((p) => f * p * 24)).sort((a, b) => a - b);
    const step = [1, 2, 4, 8, 12, ...days].map((h) => h * hour).find((s) => s >= (high - low) / wanted) || (high - low) / wanted;
    return { interval: step, min: (Math.ceil(low / step) - 1) * step, max: (Math.floor(high / step) + 1) * step };
  }

  function frontier(box) {
    const t = data.tradeoff;
    if (!t || !t.cost.length) return null;
    const order = t.cost.map((_, i) => i).sort((a, b) => t.speed[a] - t.speed[b]);
    const points = order.map((i) => ({ value: [t.speed[i], t.cost[i]], name: t.label[i], symbolSize: i === t.knee ? 18 : 10, symbol: i === t.knee ? "diamond" : "circle",
      itemStyle: { color: i === t.knee ? R.colour("late") : R.colour("on-time") }, label: { show: true, position: "top", formatter: i === t.knee ? `${t.label[i]}: recommended` : t.label[i], color: R.colour("ink"), fontWeight: i === t.knee ? 700 : 400 } }));
    const speed = { makespan: "everything finished after", lead_time: "mean lead time, weighted by priority", weighted_tardiness: "lateness x priority, total" }[t.measure] || t.measure;
    return {
      grid: { left: 10, right: 30, top: 34, bottom: 40, containLabel: true },
      xAxis: axis({ type: "value", scale: true, ...timeSteps(t.speed, box.clientWidth < 560 ? 3 : 7), name: `${speed} (faster to the left)`, nameLocation: "middle", nameGap: 34, axisLabel: { color: R.colour("muted"), formatter: R.dur, hideOverlap: true, margin: 14 } }),
      yAxis: axis({ type: "value", scale: true, boundaryGap: ["6%", "6%"], axisLabel: { color: R.colour("muted"), formatter: R.coins } }),
      tooltip: { ...base().tooltip, formatter: (p) => lines(p.name, [["Cost", R.money(p.value[1])], [speed, R.dur(p.value[0])]]) },
      series: [{ type: "line", data: points, lineStyle: { color: R.colour("line"), width: 2 }, z: 3 }],
    };
  }

  function start(sums) {
    totals = sums;
    mount("cost-chart", costSplit);
    const unit = { hour: "hour by hour", day: "day by day", week: "week by week", step: "in equal steps" }[load.unit];
    R.byId("load-caption").textContent = `Share of open time used, ${unit}${resources.id.length > busy.length ? `; the ${busy.length} busiest of ${resources.id.length} resources` : ""}. Click a resource to see its time in full.`;
    const pick = R.byId("load-resource");
    pick.append(el("option", { value: "-1" }, "all"), ...resources.id.map((name, r) => el("option", { value: r }, name)));
    const map = mount("load-map", loadMap), bars = mount("load-chart", loadChart);
    const choose = (r) => { chosen = r; pick.value = String(r); bars?.redraw(); };
    pick.addEventListener("change", () => choose(Number(pick.value)));
    map?.chart.on("click", (p) => choose(busy[busy.length - 1 - p.value[1]]));
    if (pools.length) {
      const choice = R.byId("pool-choice");
      choice.append(...pools.map((p, i) => el("option", { value: i }, p.title)));
      const chart = mount("pool-chart", poolChart);
      choice.addEventListener("change", () => { pool = Number(choice.value); poolCaption(); chart?.redraw(); });
      poolCaption();
    }
    mount("tradeoff-chart", frontier);
    mount("trace-chart", trace);
  }
  R.on("theme", () => { heatLegend(); made.forEach((entry) => entry.redraw()); });
  return { start };
})();
