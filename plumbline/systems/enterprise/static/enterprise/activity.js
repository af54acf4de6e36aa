// Pictures of activity and survival; the tables beside them say the same.
const FONT = getComputedStyle(document.body).fontFamily;
const COLOURS = { 新设: "#5b8dbb", 成长: "#3f8f58", 平稳: "#a9bfa4", 收缩: "#e0b64a", 休眠: "#8f7ab5", 注销: "#8b867b", 看不出: "#dcd8ce" };
const LINES = ["#1d4568", "#c05a3e", "#3f8f58", "#8f7ab5", "#c98a1b", "#4aa3a2", "#a8507a", "#6d6a5f"];
const AXIS = { axisLabel: { color: "#55606d" }, splitLine: { lineStyle: { color: "#e3e0d8" } } };
const GRID = { left: 8, right: 16, top: 44, bottom: 8, containLabel: true };

// words as text, whatever they are: what a tooltip is given as a string, it reads as HTML
function plain(words) {
  const box = document.createElement("span");
  box.textContent = words;
  return box;
}

async function outlines(address) {
  const answer = await fetch(address);
  if (answer.ok) { echarts.registerMap("beijing", await answer.json()); }
}

function stages(told) {
  return {
    grid: { ...GRID, top: 60 }, legend: { top: 0, textStyle: { fontSize: 12 } }, tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "category", data: told.months, ...AXIS, splitLine: { show: false } }, yAxis: { type: "value", ...AXIS },
    series: told.stages.map(({ name, values }) => ({ name, type: "bar", stack: "all", barMaxWidth: 34, data: values, itemStyle: { color: COLOURS[name] } })),
  };
}

function bars(told) {
  const names = told.map((_, at) => at === told.length - 1 ? "190以上" : `${at * 10}`);
  return {
    grid: { ...GRID, top: 20 }, tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "category", data: names, ...AXIS, splitLine: { show: false } }, yAxis: { type: "value", ...AXIS },
    series: [{ type: "bar", name: "户数", barCategoryGap: "8%", data: told.map((value, at) => ({ value, itemStyle: { color: at < 6 ? "#c05a3e" : at < 9 ? "#e0b64a" : "#1d4568" } })) }],
  };
}

function firm(told) {
  const bands = told.months.map((month, at) => ({ value: Math.max(...told.index.filter((one) => one !== null), 120), itemStyle: { color: COLOURS[told.stages[at]] || COLOURS["看不出"], opacity: .18 } }));
  return {
    grid: { ...GRID, top: 70, right: 48 }, legend: { top: 0, textStyle: { fontSize: 12 }, data: ["活跃度", ...told.parts.map((one) => one.name)] }, tooltip: { trigger: "axis", confine: true, formatter: (some) => says(told, some) },
    xAxis: { type: "category", data: told.months, ...AXIS, splitLine: { show: false } }, yAxis: { type: "value", ...AXIS },
    series: [
      { name: "阶段", type: "bar", data: bands, barGap: "-100%", barCategoryGap: "0%", z: 0, silent: true, tooltip: { show: false } },
      ...told.parts.map(({ name, values }, at) => ({ name, type: "bar", stack: "parts", barMaxWidth: 30, data: values, itemStyle: { color: LINES[at % LINES.length] }, z: 2 })),
      { name: "活跃度", type: "line", data: told.index, symbolSize: 6, connectNulls: false, lineStyle: { color: "#1d2733", width: 2 }, itemStyle: { color: "#1d2733" }, z: 3, markLine: { silent: true, symbol: "none", lineStyle: { color: "#55606d", type: "dashed" }, label: { formatter: "平常" }, data: [{ yAxis: 100 }] } },
    ],
  };
}

function says(told, some) {
  const box = document.createElement("div");
  const at = some[0].dataIndex;
  box.append(`${told.months[at]}　${told.stages[at]}　活跃度 ${told.index[at] ?? "算不出"}`);
  told.parts.forEach(({ name, values }) => { if (values[at] !== null) { const line = document.createElement("div"); line.textContent = `${name} ${values[at]}`; box.append(line); } });
  return box;
}

function survival(told) {
  const last = Math.max(...told.map((one) => one.points[one.points.length - 1][0]));
  return {
    grid: { ...GRID, top: 60 }, legend: { top: 0, data: told.map((one) => one.name), textStyle: { fontSize: 12 } },
    tooltip: { trigger: "item", confine: true, formatter: (one) => plain(`${one.seriesName}　${one.value[0]} 个月后 ${(one.value[1] * 100).toFixed(1)}%`) },
    xAxis: { type: "value", name: "月", max: last, interval: last > 120 ? 60 : 12, ...AXIS, splitLine: { show: false } },
    yAxis: { type: "value", max: 1, min: floor(told), ...AXIS, axisLabel: { color: "#55606d", formatter: (one) => `${Math.round(one * 100)}%` } },
    series: told.flatMap((one, at) => [band(one, at), { name: one.name, type: "line", step: "end", symbolSize: 5, showSymbol: one.points.length < 60, data: one.points.map((point) => [point[0], point[1]]), lineStyle: { width: 2, color: LINES[at] }, itemStyle: { color: LINES[at] } }]),
  };
}

function floor(told) {
  return Math.max(0, Math.floor(Math.min(...told.flatMap((one) => one.points.map((point) => point[2] ?? point[1]))) * 10) / 10);
}

// the band as a closed shape between its lower and its upper end, in steps as the curve
function band(one, at) {
  const known = one.points.filter((point) => point[2] !== null && point[3] !== null);
  return {
    name: one.name, type: "custom", silent: true, tooltip: { show: false }, itemStyle: { color: LINES[at] }, data: [[0, 0]], z: 1,
    renderItem: (_, api) => {
      const upper = steps(known.map((point) => [point[0], point[3]])), lower = steps(known.map((point) => [point[0], point[2]])).reverse();
      return { type: "polygon", shape: { points: [...upper, ...lower].map((point) => api.coord(point)) }, style: { fill: LINES[at], opacity: .13 } };
    },
  };
}

function steps(points) {
  return points.flatMap((point, at) => at ? [[point[0], points[at - 1][1]], point] : [point]);
}

function map(told) {
  return {
    tooltip: { trigger: "item", confine: true, formatter: (one) => plain(`${one.name}　${one.value >= 0 ? `${one.value} 户` : "还没有算过"}`) },
    visualMap: { min: 0, max: Math.max(1, ...told.map((one) => one.value)), show: false, inRange: { color: ["#f4f2ec", "#e6b9a6", "#a8321f"] } },
    series: [{ type: "map", map: "beijing", data: told, select: { disabled: true }, itemStyle: { areaColor: "#f4f2ec", borderColor: "#fff" }, emphasis: { itemStyle: { areaColor: "#e9c46a" } },
      label: { show: true, fontSize: 10, formatter: (one) => one.name.length > 2 ? one.name.replace(/区$/, "") : one.name, textBorderColor: "#fff", textBorderWidth: 2 }, labelLayout: { hideOverlap: true } }],
  };
}

const PICTURES = { stages, bars, firm, survival, map };

document.querySelectorAll("[data-activity]").forEach(async (box) => {
  const told = JSON.parse(document.getElementById(box.dataset.from).textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  const base = { animation: false, textStyle: { fontFamily: FONT, color: "#1d2733" } };
  if (box.dataset.activity === "map") { await outlines(box.dataset.outlines); }
  chart.setOption({ ...base, ...PICTURES[box.dataset.activity](told) });
  chart.on("click", ({ data }) => { if (data && data.href) { location.href = data.href; } });
  addEventListener("resize", () => chart.resize());
});
