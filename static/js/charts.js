/* Draws every element with data-chart from the JSON block it names; the same figures stand in a table. */
(function () {
  "use strict";
  const drawn = new Map();
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const light = ["#2456a6", "#2f9e8f", "#d98a2b", "#8b5fbf", "#c2495b", "#6b7785"];
  const dark = ["#7fb0f5", "#5fd0bd", "#f0b45f", "#c4a0ee", "#f0909c", "#a5b1bf"];
  const number = (value) => value == null ? "–" : value.toLocaleString("en-US", { maximumFractionDigits: 2 });
  const short = (value) => Math.abs(value) >= 1000 ? (value / 1000).toLocaleString("en-US") + "k" : String(value);

  function flows(spec, night) {
    return {
      color: night ? dark : light,
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { renderMode: "richText", valueFormatter: (v) => number(v) + " " + spec.unit, backgroundColor: token("--panel"), borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 12 } },
      series: [{ type: "sankey", left: 4, right: window.innerWidth < 600 ? 105 : 150, top: 8, bottom: 8, nodeGap: 8, nodeWidth: 14, draggable: false,
        label: { color: token("--ink"), fontSize: window.innerWidth < 600 ? 9 : 11, textBorderColor: "transparent" }, lineStyle: { color: "gradient", opacity: night ? 0.5 : 0.35 },
        data: spec.nodes.map((name) => ({ name })), links: spec.links }],
    };
  }
  function graph(spec, night) {
    const colours = { INPUT: token("--muted"), PC: (night ? dark : light)[0], CHARGE: (night ? dark : light)[1] };
    const tallest = Math.max(...spec.heights);
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { renderMode: "richText", formatter: (p) => p.dataType === "edge" ? p.data.source + " → " + p.data.target : p.data.title, backgroundColor: token("--panel"), borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 12 } },
      series: [{ type: "graph", layout: "none", left: 70, right: 70, top: 20, bottom: 20, symbol: "roundRect", symbolSize: [128, 22], roam: false, emphasis: { focus: "adjacency" },
        edgeSymbol: ["none", "arrow"], edgeSymbolSize: 6, lineStyle: { color: token("--muted"), opacity: 0.55, curveness: 0.08 },
        label: { show: true, fontSize: 10.5, color: token("--ink"), textBorderColor: "transparent" },
        data: spec.nodes.map((n) => ({ name: n.name, title: n.title, x: n.column * 160, y: (n.row + (tallest - spec.heights[n.column]) / 2) * 40, itemStyle: { color: token("--panel"), borderColor: colours[n.role], borderWidth: 1.5 } })), links: spec.links }],
    };
  }
  function waterfall(spec, night) {
    const colours = night ? dark : light;
    const fill = { total: colours[5], up: colours[4], down: colours[1] };
    let at = 0;
    const bars = spec.steps.map((s, i) => {
      const from = s.total ? 0 : at;
      at = s.total ? s.value : at + s.value;
      return { value: [i, from, at], amount: s.value, itemStyle: { color: fill[s.total ? "total" : s.value >= 0 ? "up" : "down"] } };
    });
    const levels = bars.map((b) => b.value[2]);
    const low = Math.min(...levels), high = Math.max(...levels), span = high - low;
    const far = low > 0 ? low : high < 0 ? -high : 0;
    if (span > 0 && span < far / 2) { // a small change of a large amount: show the change, not the amount
      const floor = low > 0 ? low - span * 0.6 : high + span * 0.6;
      bars.forEach((b, i) => { if (spec.steps[i].total) { b.value[1] = floor; } });
    }
    const axis = { axisLabel: { color: token("--muted"), fontSize: 11 }, axisLine: { lineStyle: { color: token("--line") } }, splitLine: { lineStyle: { color: token("--line-soft") } } };
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { renderMode: "richText", formatter: (p) => spec.steps[p.dataIndex].name + "  " + number(p.data.amount) + " " + spec.unit, backgroundColor: token("--panel"), borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 12 } },
      grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: spec.steps.map((s) => s.name), ...axis, axisTick: { show: false }, axisLabel: { ...axis.axisLabel, interval: 0, rotate: window.innerWidth < 600 ? 40 : 0 } },
      yAxis: { type: "value", scale: true, ...axis, axisLabel: { ...axis.axisLabel, formatter: short } },
      series: [{ type: "custom", encode: { x: 0, y: [1, 2] }, data: bars, renderItem: (params, api) => {
        const from = api.coord([api.value(0), api.value(1)]), to = api.coord([api.value(0), api.value(2)]);
        const width = api.size([1, 0])[0] * 0.56;
        return { type: "rect", shape: { x: from[0] - width / 2, y: Math.min(from[1], to[1]), width, height: Math.max(1.5, Math.abs(from[1] - to[1])) }, style: { fill: api.visual("color") } };
      } }],
    };
  }
  function option(spec) {
    const night = getComputedStyle(document.documentElement).colorScheme === "dark";
    if (spec.kind === "sankey") { return flows(spec, night); }
    if (spec.kind === "graph") { return graph(spec, night); }
    if (spec.kind === "waterfall") { return waterfall(spec, night); }
    const area = spec.kind === "stacked-area";
    const line = spec.kind === "line";
    const upright = area || line || spec.kind === "stacked-column";
    const axis = { axisLabel: { color: token("--muted"), fontSize: 11 }, axisLine: { lineStyle: { color: token("--line") } }, splitLine: { lineStyle: { color: token("--line-soft") } } };
    const names = { type: "category", data: spec.categories, ...axis, axisTick: { show: false } };
    const values = { type: "value", name: window.innerWidth < 600 ? "" : spec.unit, nameTextStyle: { color: token("--muted") }, ...axis, axisLabel: { ...axis.axisLabel, formatter: short } };
    return {
      color: night ? dark : light,
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: area || line ? "line" : "shadow" }, valueFormatter: (v) => number(v) + " " + spec.unit, backgroundColor: token("--panel"), borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 12 } },
      legend: { type: "scroll", top: 0, textStyle: { color: token("--muted") }, icon: "roundRect", itemWidth: 12, itemHeight: 8 },
      grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
      xAxis: upright ? names : values,
      yAxis: upright ? values : { ...names, inverse: true },
      series: spec.series.map((s) => line
        ? { name: s.name, type: "line", step: "end", lineStyle: { width: 2 }, symbol: "none", data: s.data }
        : area
        ? { name: s.name, type: "line", stack: "all", areaStyle: { opacity: 0.75 }, lineStyle: { width: 1 }, symbol: "none", data: s.data }
        : { name: s.name, type: "bar", stack: "all", barMaxWidth: 22, data: s.data }),
    };
  }
  function draw() {
    document.querySelectorAll("[data-chart]").forEach((box) => {
      const source = document.getElementById(box.dataset.chart);
      if (!source || !window.echarts) { return; }
      const chart = drawn.get(box) || window.echarts.init(box, null, { renderer: "svg" });
      drawn.set(box, chart);
      chart.setOption(option(JSON.parse(source.textContent)), true);
    });
  }
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSwap", draw);
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
