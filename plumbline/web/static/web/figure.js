// A figure's pictures: its trend, and the districts on a map or as bars; the tables beside them say the same.
const told = JSON.parse(document.getElementById("figure-data").textContent);
const INK = "#1d2733";
const BLUE = "#1d4568";
const FONT = getComputedStyle(document.body).fontFamily;
const charts = [];

function open(box, option) {
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK }, ...option });
  chart.on("click", (event) => { if (event.data && event.data.href) { location.href = event.data.href; } });
  charts.push(chart);
}

function says(one) {
  const box = document.createElement("span");
  box.textContent = one && one.data && one.data.words ? `${one.name}　${one.data.words}` : `${one.name}　没有数`;
  return box;
}

const points = (marks) => marks.map((one) => ({ name: one.name, value: one.value, words: one.words, href: one.href }));
const tooltip = { trigger: "item", confine: true, formatter: says };

document.querySelectorAll('[data-figure="trend"]').forEach((box) => open(box, {
  tooltip, grid: { left: 12, right: 24, top: 28, bottom: 8, containLabel: true },
  xAxis: { type: "category", data: told.trend.map((one) => one.name), axisLabel: { color: "#55606d", hideOverlap: true } },
  yAxis: { type: "value", scale: true, axisLabel: { show: false }, splitLine: { lineStyle: { color: "#e3e0d8" } } },
  series: [{ type: "line", symbolSize: 9, cursor: "pointer", lineStyle: { color: BLUE }, itemStyle: { color: BLUE },
    label: { show: true, position: "top", formatter: (one) => one.data.words }, data: points(told.trend) }],
}));

document.querySelectorAll('[data-figure="bars"]').forEach((box) => open(box, {
  tooltip, grid: { left: 12, right: 70, top: 8, bottom: 8, containLabel: true },
  xAxis: { type: "value", axisLabel: { show: false }, splitLine: { show: false } },
  yAxis: { type: "category", inverse: true, data: told.districts.map((one) => one.name) },
  series: [{ type: "bar", itemStyle: { color: BLUE }, label: { show: true, position: "right", formatter: (one) => one.data.words },
    data: points(told.districts) }],
}));

document.querySelectorAll('[data-figure="map"]').forEach(async (box) => {
  const answer = await fetch(box.dataset.outlines);
  if (!answer.ok) { box.hidden = true; return; }
  echarts.registerMap("beijing", await answer.json());
  const values = told.districts.map((one) => one.value).filter((value) => value !== null);
  open(box, {
    tooltip,
    visualMap: { min: Math.min(...values), max: Math.max(...values), show: false, inRange: { color: ["#dfe9f2", "#8fb0cc", "#1d4568"] } },
    series: [{ type: "map", map: "beijing", nameMap: {}, labelLayout: { hideOverlap: true }, label: { show: box.clientWidth > 380, fontSize: 10, formatter: (one) => one.name.length > 2 ? one.name.replace(/区$/, "") : one.name, color: INK, textBorderColor: "#fff", textBorderWidth: 2 },
      itemStyle: { areaColor: "#f4f2ec", borderColor: "#fff" }, emphasis: { label: { show: true }, itemStyle: { areaColor: "#e9c46a" } },
      select: { disabled: true }, data: points(told.districts).filter((one) => one.value !== null) }],
  });
});

addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
