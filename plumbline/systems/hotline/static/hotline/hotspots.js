// The districts of the hot spots on a map; the table beside it says the same, street by street.
document.querySelectorAll("[data-spots]").forEach(async (box) => {
  const told = JSON.parse(document.getElementById(box.dataset.spots).textContent);
  const answer = await fetch(box.dataset.outlines);
  if (!answer.ok) { box.closest("aside").hidden = true; return; }
  echarts.registerMap("beijing", await answer.json());
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { trigger: "item", confine: true, formatter: (one) => `${one.name}　${one.value > 0 ? one.value : 0} 件` },
    visualMap: { min: 0, max: Math.max(...told.map((one) => one.value)), show: false, inRange: { color: ["#f4f2ec", "#8fb0cc", "#1d4568"] } },
    series: [{ type: "map", map: "beijing", nameMap: {}, data: told, select: { disabled: true },
      label: { show: true, fontSize: 10, formatter: (one) => one.name.length > 2 ? one.name.replace(/区$/, "") : one.name, textBorderColor: "#fff", textBorderWidth: 2 },
      labelLayout: { hideOverlap: true }, itemStyle: { areaColor: "#f4f2ec", borderColor: "#fff" }, emphasis: { itemStyle: { areaColor: "#e9c46a" } } }],
  });
  chart.on("click", ({ data }) => {
    if (!data || !data.area) return;
    const address = new URL(location.href);
    address.searchParams.set("area", data.area);
    address.searchParams.delete("page");
    location.href = address;
  });
  addEventListener("resize", () => chart.resize());
});
