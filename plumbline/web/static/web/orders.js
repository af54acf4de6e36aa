// Orders: a card is given to an office by dragging, or in a dialog by keyboard; the districts on a map.
const board = document.getElementById("board");
const dialog = document.getElementById("give");

// the form of a move named in the address is open, in view and ready to be typed in; after the browser has gone there itself
function openMove() {
  const box = location.hash.startsWith("#move-") ? document.getElementById(location.hash.slice(1)) : null;
  if (!box) { return; }
  box.open = true;
  box.scrollIntoView({ block: "center" });
  const first = box.querySelector("select, textarea, input:not([type=hidden])");
  if (first) { first.focus({ preventScroll: true }); }
}
addEventListener("load", () => setTimeout(openMove));
addEventListener("hashchange", openMove);

if (board && dialog) {
  let dragged = null;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-give]");
    if (!dragged) { return; }
    event.dataTransfer.setData("text/plain", dragged.dataset.name);
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
    board.classList.add("is-giving");
  });
  board.addEventListener("dragend", () => {
    if (dragged) { dragged.classList.remove("is-dragged"); }
    board.classList.remove("is-giving");
    dragged = null;
  });
  ["dragover", "dragleave", "drop"].forEach((kind) => board.addEventListener(kind, (event) => {
    const office = event.target.closest("[data-office]");
    if (!office || !dragged) { return; }
    event.preventDefault();
    office.classList.toggle("is-over", kind === "dragover");
    if (kind === "drop") { give(dragged, office.dataset.office); }
  }));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-give]");
    if (opener) { ask(opener.closest("[data-give]")); }
    if (event.target.closest("[data-close]")) { dialog.close(); }
  });
  dialog.querySelector("form").elements.office.addEventListener("input", (event) => known(event.target));
  const find = document.querySelector("[data-find-office]");
  if (find) {
    find.addEventListener("input", () => document.querySelectorAll("[data-office]").forEach((one) => {
      one.hidden = !one.textContent.includes(find.value.trim());
    }));
  }
}

// only an office of the list can be given to
function known(field) {
  const there = !field.value || [...field.list.options].some((one) => one.value === field.value.trim());
  field.setCustomValidity(there ? "" : "没有这个单位；请输入几个字，再从列出的单位里选。");
}

function ask(card) {
  const form = dialog.querySelector("form");
  form.action = card.dataset.give;
  form.elements.version.value = card.dataset.version;
  dialog.querySelector("[data-give-name]").textContent = card.dataset.name;
  form.elements.office.value = card.dataset.proposed || "";
  known(form.elements.office);
  dialog.showModal();
  form.elements.office.select();
}

async function give(card, office) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const told = new URLSearchParams({ office, version: card.dataset.version, next: location.pathname + location.search });
  const answer = await fetch(card.dataset.give, { method: "POST", body: told, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) {
    const box = document.getElementById("messages");
    box.replaceChildren(...page.body.childNodes);
    box.scrollIntoView({ block: "center" });
    return;
  }
  document.getElementById("messages").replaceChildren(...page.getElementById("messages").childNodes);
  board.querySelector(".order-queues").replaceWith(page.querySelector(".order-queues"));
}

document.querySelectorAll("[data-map]").forEach(async (box) => {
  const patches = JSON.parse(document.getElementById(box.dataset.map).textContent);
  const city = await (await fetch(box.dataset.geo)).json();
  echarts.registerMap("city", city);
  const known = new Set(patches.map((one) => one.name));
  city.features.filter((one) => !known.has(one.properties.name)).forEach((one) => patches.push({ name: one.properties.name, count: 0, late: 0 }));
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { confine: true, formatter: (item) => item.data ? said(item.data) : "" },
    visualMap: { show: false, min: 0, max: Math.max(1, ...patches.map((one) => one.count)), inRange: { color: ["#f3efe4", "#9db3c6", "#1d4568"] } },
    series: [{ type: "map", map: "city", selectedMode: false, itemStyle: { borderColor: "#fff", areaColor: "#f3efe4" }, label: { show: true, fontSize: 10, color: "#1d2733", textBorderColor: "#fff", textBorderWidth: 2, formatter: (item) => item.data && item.data.value ? `${item.data.value}` : " " },
      labelLayout: { hideOverlap: true },
      emphasis: { label: { show: true, formatter: (item) => item.data ? `${item.name} ${item.data.value}` : item.name }, itemStyle: { areaColor: "#fde9a9" } },
      data: patches.map((one) => ({ name: one.name, value: one.count, late: one.late, href: one.href })) }],
  });
  chart.on("click", (item) => { if (item.data && item.data.href) { location.href = item.data.href; } });
  addEventListener("resize", () => chart.resize());
});

function said(one) {
  const box = document.createElement("div");
  box.textContent = `${one.name} 在办 ${one.value} 件，超期 ${one.late} 件`;
  return box;
}
