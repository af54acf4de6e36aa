// Drafts and sent reports: walk and open numbers, choose the line that is written on, keep one's place after a change.
const paper = document.getElementById("paper");
const panel = document.getElementById("panel");
const sent = paper.classList.contains("is-sent");
let chosen = "";
let opened = null;
let place = null;
// the last request for what stands in the panel
let newest = null;

const lines = () => [...paper.querySelectorAll(".draft-line")];
const numbers = () => [...paper.querySelectorAll(".draft-text a.n")];
const writing = (event) => event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;

// a line is chosen by touching it; sentences and figures are then put there
function choose(line) {
  chosen = line ? line.dataset.line : "";
  lines().forEach((one) => one.classList.toggle("is-current", one === line));
  document.querySelectorAll("[data-after]").forEach((field) => { field.value = chosen; });
}

function show(link) {
  numbers().forEach((one) => one.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  opened = link;
  paper.classList.add("has-panel", "has-card");
  // leave room for the sheet that covers the lower part of a small page
  if (matchMedia("(max-width: 991.98px)").matches) requestAnimationFrame(() => link.scrollIntoView({ block: "start" }));
}

function close() {
  if (opened) opened.removeAttribute("aria-current");
  paper.classList.remove("has-card");
  if (sent) {
    paper.classList.remove("has-panel");
    panel.replaceChildren();
  } else if (panel.dataset.home || panel.getAttribute("hx-get")) {
    htmx.ajax("GET", panel.getAttribute("hx-get"), { target: "#panel", swap: "innerHTML" });
  } else {
    panel.replaceChildren();
  }
  if (opened && opened.isConnected) opened.focus({ preventScroll: true });
}

paper.addEventListener("click", (event) => {
  const link = event.target.closest("a.n, a.draft-open-card");
  if (link && link.hasAttribute("hx-get")) show(link);
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    close();
    return;
  }
  const line = event.target.closest(".draft-line");
  if (line && !sent) choose(line);
});

function step(way) {
  const every = sent ? numbers() : lines();
  if (!every.length) return;
  const here = every.indexOf(sent ? opened : lines().find((one) => one.dataset.line === chosen));
  const next = every[Math.min(Math.max(here + way, 0), every.length - 1)];
  if (sent) {
    next.click();
    next.focus({ preventScroll: true });
  } else {
    choose(next);
  }
  if (!matchMedia("(max-width: 991.98px)").matches) next.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest(".draft-form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else if (event.key === "Escape") {
    hint(null);
    const pop = event.target.closest("details.plumb-act[open]");
    if (pop) {
      pop.open = false;
      pop.querySelector("summary").focus();
    } else if (form) form.querySelector("[data-cancel]").click();
    else if (paper.classList.contains("has-card")) close();
  } else if (writing(event)) return;
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "e" && chosen) {
    const edit = paper.querySelector(`#l${chosen} [data-edit]`);
    if (!edit) return;
    event.preventDefault();
    edit.click();
  }
});

// what a number is, beside it, while one points at it or stands on it
const box = document.createElement("div");
box.id = "hint";
box.hidden = true;
document.body.append(box);

function hint(number) {
  box.hidden = !number;
  if (!number) return;
  box.textContent = number.dataset.says;
  const at = number.getClientRects()[0];
  box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - 336)) + window.scrollX}px`;
  box.style.top = `${at.bottom + 6 + window.scrollY}px`;
}

for (const name of ["mouseover", "focusin"]) {
  paper.addEventListener(name, (event) => hint(event.target.closest(".n[data-says]")));
}
paper.addEventListener("mouseleave", () => hint(null));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel) newest = event.detail.xhr;
});

// a sentence that was written in says so; the list itself stays under the hand
document.addEventListener("htmx:afterRequest", (event) => {
  const used = event.detail.successful && event.detail.elt.querySelector("[data-used]");
  if (used) used.hidden = false;
});

// after a change the text is drawn anew: keep the line where the eye left it
document.addEventListener("htmx:beforeSwap", (event) => {
  // asked fast, answers come late and out of order: only that of the last question is shown
  if (event.detail.target === panel && event.detail.xhr !== newest) event.detail.shouldSwap = false;
  if (event.detail.target.id !== "draft") return;
  document.getElementById("messages").replaceChildren();
  const line = document.getElementById(`l${chosen}`);
  place = line ? line.getBoundingClientRect().top : null;
  hint(null);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target.id === "panel") {
    const home = panel.querySelector("#picker");
    paper.classList.toggle("has-card", !home || !!panel.querySelector(".draft-card"));
    document.querySelectorAll("[data-after]").forEach((field) => { field.value = chosen; });
    panel.scrollTop = 0;
    const trouble = panel.querySelector("[role=alert]");
    if (trouble) panel.querySelector("textarea, input:not([type=hidden])").focus();
    else if (document.activeElement && document.activeElement.matches("a.n:focus-visible")) panel.querySelector("h2")?.focus({ preventScroll: true });
    return;
  }
  const body = document.getElementById("draft");
  if (!body || (target !== body && target.id !== "draft")) return;
  const field = body.querySelector("[data-focus]");
  const line = (field && field.closest(".draft-line")) || document.getElementById(`l${chosen}`);
  if (line) {
    choose(line);
    if (place !== null && document.getElementById(`l${chosen}`)) window.scrollBy(0, line.getBoundingClientRect().top - place);
  }
  if (field) field.focus({ preventScroll: true });
  if (!panel.querySelector("#picker") && !field && panel.getAttribute("hx-get")) close();
});

if (matchMedia("(max-width: 1199.98px)").matches) {
  paper.querySelectorAll(".reader-outline details").forEach((part) => { part.open = false; });
}
const first = paper.querySelector("[data-focus]");
if (first) {
  choose(first.closest(".draft-line"));
  first.focus();
} else if (/^#l\d+$/.test(location.hash)) choose(document.querySelector(location.hash));
if (sent && paper.classList.contains("has-panel")) {
  const card = panel.querySelector("[data-number]");
  const link = card && numbers().find((one) => one.href.endsWith(`/cites/${card.dataset.number}/`));
  if (link) {
    show(link);
    link.scrollIntoView({ block: "center" });
  }
}

// while a line is being written, a sentence or a figure goes where the caret stands, and nothing throws the words away
const area = () => paper.querySelector(".draft-form textarea");
const dirty = () => !!area() && area().value !== area().defaultValue;

document.addEventListener("submit", (event) => {
  const words = event.target.dataset.template;
  if (!words || !area()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  area().setRangeText(words, area().selectionStart, area().selectionEnd, "end");
  area().focus();
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target.id !== "draft" || !dirty() || area().form.contains(event.detail.elt)) return;
  event.preventDefault();
  say("正在写的一段还没有保存；请先保存或取消，再做别的。");
  area().focus();
});

window.addEventListener("beforeunload", (event) => {
  if (dirty() && !document.querySelector(".htmx-request")) event.preventDefault();
});
