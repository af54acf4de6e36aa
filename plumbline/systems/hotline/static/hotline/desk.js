// The desk by keyboard alone: Alt+1…4 chooses what is done, Ctrl+Enter sends; Alt+G takes the proposal, Alt+P the place,
// Alt+J joins to the first open request alike, Alt+K takes the first answer.
const form = document.getElementById("desk");

function set(name, value) {
  const field = form.elements[name];
  if (!field || !value) return;
  field.value = value;
  field.classList.add("is-taken");
}

const KEYS = { g: "[data-take]", p: "[data-where]", j: "[data-into]", k: "[data-reply]" };

function place(button) {
  set("area", button.dataset.area);
  set("place", button.dataset.place);
}

function take(button) {
  place(button);
  set("topic", button.dataset.topic);
  set("office", button.dataset.office);
  set("urgency", button.dataset.urgency);
  form.elements.office.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(Object.values(KEYS).join(", "));
  if (!button) return;
  if (button.matches(KEYS.j)) { set("into", button.dataset.into); form.querySelector("[value='join']").click(); }
  else if (button.matches(KEYS.k)) { set("reply", button.dataset.reply); form.elements.reply.focus(); }
  else if (button.matches(KEYS.p)) { place(button); form.elements.address.focus(); }
  else take(button);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") { form.querySelector("[data-step='1']").click(); event.preventDefault(); return; }
  if (!event.altKey) return;
  const step = form.querySelector(`[data-step='${event.key}']`);
  const offered = KEYS[event.key.toLowerCase()] && document.querySelector(KEYS[event.key.toLowerCase()]);
  if (step) step.click();
  else if (offered) offered.click();
  else return;
  event.preventDefault();
});

// the street says the district
form.elements.place.addEventListener("change", () => {
  const area = form.elements.place.value.slice(0, 6);
  if (area) form.elements.area.value = area;
});
