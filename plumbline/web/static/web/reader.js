// The reader: walk from number to number, open one beside the text, follow the outline.
const frame = document.getElementById("reader");
const panel = document.getElementById("panel");
const marks = () => [...frame.querySelectorAll("a.c[id]")];
let last = frame.querySelector("a.c[aria-current]");
// whether the number was reached by walking with j and k, rather than by a click or Enter on it
let walked = false;
// the question to the server whose answer the panel waits for
let asking = null;
// whether the reader's hand was in the panel when the answer came
let inside = false;

function current() {
  return frame.querySelector("a.c[aria-current]");
}

function mark(link) {
  const before = current();
  if (before) before.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  last = link;
}

const small = () => matchMedia("(max-width: 991.98px)").matches;

function show(link) {
  // leave room for the sheet that covers the lower part of a small page
  link.scrollIntoView({ block: small() ? "start" : "center" });
}

function open(link) {
  link.click();
  link.focus({ preventScroll: true });
  show(link);
}

function close() {
  if (!frame.classList.contains("has-panel")) return;
  frame.classList.remove("has-panel");
  asking = null;
  panel.replaceChildren();
  if (current()) current().removeAttribute("aria-current");
  history.replaceState(null, "", frame.dataset.address);
  if (last) last.focus({ preventScroll: true });
}

function step(way) {
  const every = marks();
  if (!every.length) return;
  const here = last ? every.indexOf(last) : -1;
  let next = here < 0 ? firstInView(every) : here + way;
  next = Math.min(Math.max(next, 0), every.length - 1);
  open(every[next]);
}

function firstInView(every) {
  const found = every.findIndex((link) => link.getBoundingClientRect().top > 80);
  return found < 0 ? every.length - 1 : found;
}

function byNumber(number) {
  return document.getElementById(`c${number}`);
}

function writing(event) {
  return event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey;
}

frame.addEventListener("click", (event) => {
  const link = event.target.closest("a.c[data-claim]");
  if (link) {
    mark(byNumber(link.dataset.claim));
    frame.classList.add("has-panel");
    history.replaceState(null, "", `${frame.dataset.address}#c${link.dataset.claim}`);
    walked = !event.isTrusted;
    if (small()) show(last);
  }
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    close();
  }
  // a number of the same report opens here, without loading the page again
  const other = event.target.closest("#panel a[href*='#c']");
  if (other && other.pathname === frame.dataset.address && byNumber(other.hash.slice(2))) {
    event.preventDefault();
    open(byNumber(other.hash.slice(2)));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const pop = event.target.closest("details.plumb-act[open]");
    if (pop) {
      pop.open = false;
      pop.querySelector("summary").focus();
    } else {
      close();
    }
    return;
  }
  if (writing(event)) return;
  const opened = frame.classList.contains("has-panel") && !panel.contains(event.target);
  if (event.key === "j" || (opened && event.key === "ArrowRight")) step(1);
  else if (event.key === "k" || (opened && event.key === "ArrowLeft")) step(-1);
  else return;
  event.preventDefault();
});

// walking fast, answers come late and out of order: only the one asked for last is shown
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel) asking = event.detail.xhr;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== panel) return;
  inside = panel.contains(document.activeElement);
  if (event.detail.xhr !== asking) event.detail.shouldSwap = false;
});

// Enter on a number leads the reader's hand into the panel; walking with j and k leaves it in the text.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== panel) return;
  panel.scrollTop = 0;
  const trouble = panel.querySelector("[aria-invalid], .trouble, [role=alert]");
  const form = panel.querySelector(".claim-form");
  const changed = panel.querySelector("[data-changed]");
  if (changed) {
    const { changed: number, state, measure, modality } = changed.dataset;
    frame.querySelectorAll(`a.c[data-claim="${number}"]`).forEach((link) => {
      link.className = link.className.replace(/\b[mts]-[a-z]+/g, "").trim() + ` m-${measure} t-${modality} s-${state}`;
    });
  }
  if (trouble) (panel.querySelector("[aria-invalid]") || panel).focus();
  else if (form && form.contains(document.activeElement)) return; // somebody was quicker and writes already
  else if (form) form.querySelector("input:not([type=hidden])")?.focus();
  else if (inside || (!walked && document.activeElement && document.activeElement.matches("a.c:focus-visible"))) panel.querySelector("h2")?.focus();
});

function followHash() {
  const found = /^#c(\d+)$/.exec(location.hash);
  if (found && byNumber(found[1])) {
    if (current() !== byNumber(found[1]) || !panel.children.length) open(byNumber(found[1]));
    else show(byNumber(found[1]));
    return;
  }
  const line = /^#p(\d+)$/.exec(location.hash);
  if (line && !document.getElementById(line[0].slice(1))) {
    const piece = frame.querySelector(`[data-paras~="${line[1]}"]`);
    if (piece) piece.scrollIntoView();
  }
}

const outline = [...frame.querySelectorAll(".reader-outline a[href^='#p']")];
const heads = outline.map((link) => document.getElementById(link.hash.slice(1)) || frame.querySelector(`[data-paras~="${link.hash.slice(2)}"]`));
let waiting = false;
document.addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    let here = -1;
    heads.forEach((head, index) => {
      if (head && head.getBoundingClientRect().top < 120) here = index;
    });
    outline.forEach((link, index) => {
      if (index === here) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
  });
}, { passive: true });

if (matchMedia("(max-width: 1199.98px)").matches) {
  frame.querySelectorAll(".reader-outline details").forEach((part) => { part.open = false; });
}
window.addEventListener("hashchange", followHash);
// after htmx has taken the numbers in hand
document.addEventListener("DOMContentLoaded", () => {
  if (current()) show(current());
  else if (location.hash) followHash();
});
