// Money in two pictures; the table below says the same, exactly.
const told = JSON.parse(document.getElementById("money-data").textContent);
const FONT = getComputedStyle(document.body).fontFamily;
const COLOURS = ["#c9b98f", "#7d9cb8", "#1d4568"];

function short(value) {
  return value >= 1e8 ? `${+(value / 1e8).toFixed(1)}亿` : value >= 1e4 ? `${+(value / 1e4).toFixed(1)}万` : `${value}`;
}

function says(text) {
  const box = document.createElement("span");
  box.textContent = text;
  return box;
}

function draw(name, option) {
  document.querySelectorAll(`[data-money="${name}"]`).forEach((box) => {
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: "#1d2733" }, tooltip: { trigger: "item", confine: true, formatter: (one) => says(`${one.name}　${one.seriesName} ${one.data.words}`) }, ...option });
    addEventListener("resize", () => chart.resize());
  });
}

if (window.echarts && told.names) {
  const few = told.names.slice(0, 12);
  draw("parts", {
    legend: { top: 0, left: 0, itemGap: 16, textStyle: { color: "#55606d" } }, grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    xAxis: { type: "value", axisLabel: { color: "#55606d", formatter: short }, splitNumber: 3, splitLine: { lineStyle: { color: "#e3e0d8" } } },
    yAxis: { type: "category", inverse: true, data: few, axisLabel: { color: "#55606d", width: 130, overflow: "truncate" } },
    series: told.series.map((one, at) => ({ name: one.name, type: "bar", barMaxWidth: 14, itemStyle: { color: COLOURS[at] }, data: one.data.slice(0, 12) })),
  });
  draw("months", {
    grid: { left: 8, right: 12, top: 24, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: told.months.map((one) => one.name), axisLabel: { color: "#55606d" } },
    yAxis: { type: "value", axisLabel: { color: "#55606d", formatter: short }, splitLine: { lineStyle: { color: "#e3e0d8" } } },
    series: [{ name: "已拨付", type: "bar", barMaxWidth: 36, itemStyle: { color: COLOURS[2] }, data: told.months }],
  });
}
