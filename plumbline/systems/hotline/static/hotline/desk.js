// The desk by keyboard alone: Alt+1…4 chooses what is done, Ctrl+Enter sends, Alt+G takes the proposal.
const form = document.getElementById("desk");

function set(name, value) {
  const field = form.elements[name];
  if (!field || !value) return;
  field.value = value;
  field.classList.add("is-taken");
}

function take(button) {
  set("topic", button.dataset.topic);
  set("office", button.dataset.office);
  set("urgency", button.dataset.urgency);
  form.elements.office.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take], [data-into], [data-reply]");
  if (!button) return;
  if (button.dataset.into) { set("into", button.dataset.into); form.elements.into.focus(); }
  else if (button.dataset.reply !== undefined) { set("reply", button.dataset.reply); form.elements.reply.focus(); }
  else take(button);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") { form.querySelector("[data-step='1']").click(); event.preventDefault(); return; }
  if (!event.altKey) return;
  const step = form.querySelector(`[data-step='${event.key}']`);
  const proposal = document.querySelector("[data-take]");
  if (step) step.click();
  else if (event.key.toLowerCase() === "g" && proposal) take(proposal);
  else return;
  event.preventDefault();
});

// the street says the district
form.elements.place.addEventListener("change", () => {
  const area = form.elements.place.value.slice(0, 6);
  if (area) form.elements.area.value = area;
});
