// The cockpit's picture: a bar for the share done, a line for the share of time gone; the page's table says the same.
const TONES = { "ahead": "#25603b", "on-pace": "#1d4568", "behind": "#a8321f", "kept": "#5c8a3a", "cannot-tell": "#77808b" };
const INK = "#1d2733";
const ROW = 34;
const MOST = 120;
const FONT = getComputedStyle(document.body).fontFamily;
const charts = [];

document.querySelectorAll("[data-picture]").forEach((box) => {
  const bars = JSON.parse(document.getElementById(box.dataset.picture).textContent);
  box.style.height = `${rows(bars).length * ROW + 48}px`;
  const chart = echarts.init(box, null, { renderer: "svg" });
  const draw = () => { chart.resize(); chart.setOption(picture(bars, box.clientWidth), true); };
  draw();
  chart.on("click", (event) => { const bar = rows(bars)[event.dataIndex]; if (bar && bar.href) { location.href = bar.href; } });
  charts.push(draw);
});
addEventListener("resize", () => charts.forEach((draw) => draw()));
// paper is narrower than the window: A4 between its margins
addEventListener("beforeprint", () => wide("660px"));
addEventListener("afterprint", () => wide(""));

function wide(width) {
  document.querySelectorAll("[data-picture]").forEach((box) => { box.style.width = width; });
  document.querySelectorAll(".plumb-panel details").forEach((one) => { one.open = width !== ""; });
  charts.forEach((draw) => draw());
}

// a section's name stands in a row of its own above its bars
function rows(bars) {
  const made = [];
  let section = null;
  for (const bar of bars) {
    if (bar.section !== section) { made.push({ head: bar.section }); section = bar.section; }
    made.push(bar);
  }
  return made;
}

function picture(bars, width) {
  const every = rows(bars);
  const narrow = width < 560;
  const labels = Math.min(300, Math.round(width * (narrow ? 0.4 : 0.34)));
  const many = Math.max(6, Math.floor((labels - 14) / 12));
  return {
    animation: false, textStyle: { fontFamily: FONT },
    grid: { left: labels, right: narrow ? 12 : 24, top: 8, bottom: 28 },
    tooltip: { trigger: "item", confine: true, extraCssText: "max-width: 22rem; white-space: normal;",
      formatter: (item) => said(every[item.dataIndex]) },
    xAxis: { type: "value", min: 0, max: MOST, interval: narrow ? 50 : 25, axisLabel: { formatter: (value) => value > 100 ? "" : `${value}%`, color: "#55606d" }, splitLine: { lineStyle: { color: "#e3e0d8" } } },
    yAxis: { type: "category", inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: "#e3e0d8" } },
      data: every.map((one, at) => String(at)),
      axisLabel: { interval: 0, margin: 10, formatter: (at) => name(every[at], many), rich: {
        head: { color: "#1d4568", fontWeight: 600, fontSize: 12 }, label: { color: INK, fontSize: 12 } } } },
    series: [done(every, narrow, (width - labels - (narrow ? 12 : 24)) / MOST), gone(every)],
  };
}

function name(one, many) {
  const text = one.head !== undefined ? one.head.split(" / ").pop() : one.label;
  const cut = text.length > many ? `${text.slice(0, many - 1)}…` : text;
  return one.head !== undefined ? `{head|${cut}}` : `{label|${cut}}`;
}

function done(every, narrow, scale) {
  return { type: "bar", barWidth: 16, cursor: "pointer", data: every.map((one) => one.head !== undefined ? null : {
    value: Math.max(0, Math.min(one.done, MOST)),
    itemStyle: { color: TONES[one.key], borderRadius: [0, 3, 3, 0] },
    label: { show: true, fontSize: 12, formatter: narrow ? `${one.done.toFixed(1)}%` : `${one.done.toFixed(1)}% ${one.word}`,
      ...placed(one, scale, narrow ? 44 : 80) } }) };
}

// a label stands where the line of time does not cross it: inside its bar, behind the bar, or behind the line
function placed(one, scale, room) {
  const line = one.gone === null ? -1000 : (one.gone - one.done) * scale;
  if (one.done * scale > room && (line > 0 || -line > room + 6) && one.done > 40) { return { position: "insideRight", color: "#fff" }; }
  return { position: "right", color: TONES[one.key], distance: line > 0 && line < room ? line + 6 : 5 };
}

// one stroke a row at the share of its own time that is gone
function gone(every) {
  return { type: "custom", silent: true, z: 5,
    data: every.map((one, at) => one.gone === undefined || one.gone === null ? null : [one.gone, at]).filter((one) => one),
    renderItem: (params, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const half = api.size([0, 1])[1] / 2;
      return { type: "line", shape: { x1: x, x2: x, y1: y - half, y2: y + half }, style: { stroke: INK, lineWidth: 2 } };
    } };
}

function said(one) {
  if (!one || one.head !== undefined) { return ""; }
  const box = document.createElement("div");
  const head = document.createElement("strong");
  head.textContent = `${one.label} ${one.words} · ${one.word}`;
  const why = document.createElement("div");
  why.textContent = one.why;
  box.append(head, why);
  return box;
}

// picture or table
document.querySelectorAll("[data-show]").forEach((button) => button.addEventListener("click", () => {
  const card = button.closest(".card");
  const table = button.dataset.show === "table";
  card.querySelector(".plumb-picture").hidden = table;
  card.querySelector(".plumb-picture-table").hidden = !table;
  card.querySelectorAll("[data-show]").forEach((one) => {
    one.classList.toggle("active", one === button);
    one.setAttribute("aria-pressed", String(one === button));
  });
  if (!table) { charts.forEach((draw) => draw()); }
}));
