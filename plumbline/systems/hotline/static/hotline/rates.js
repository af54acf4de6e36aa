// The first of a ranking as bars; the table below says the same.
const told = JSON.parse(document.getElementById("rates-data").textContent);
const FONT = getComputedStyle(document.body).fontFamily;

document.querySelectorAll('[data-rates="bars"]').forEach((box) => {
  const chart = echarts.init(box, null, { renderer: "svg" });
  const values = told.map((one) => one.value);
  chart.setOption({
    animation: false, textStyle: { fontFamily: FONT, color: "#1d2733" },
    grid: { left: 12, right: 12, top: 28, bottom: 8, containLabel: true },
    tooltip: { trigger: "item", confine: true, formatter: (one) => says(one) },
    xAxis: { type: "category", data: told.map((one) => one.name), axisLabel: { color: "#55606d", interval: 0, rotate: told.length > 8 && told.some((one) => one.name.length > 4) ? 40 : 0 } },
    yAxis: { type: "value", min: Math.max(0, Math.floor(Math.min(...values) / 10) * 10 - 10), max: 100, interval: 10, splitLine: { lineStyle: { color: "#e3e0d8" } } },
    series: [{ type: "bar", barMaxWidth: 36, cursor: "pointer", itemStyle: { color: "#1d4568" },
      label: { show: told.length < 17, position: "top", formatter: (one) => one.data.words }, data: told }],
  });
  chart.on("click", (event) => { if (event.data && event.data.href) { location.href = event.data.href; } });
  addEventListener("resize", () => chart.resize());
});

function says(one) {
  const box = document.createElement("span");
  box.textContent = `${one.name}　综合得分 ${one.data.words}`;
  return box;
}
