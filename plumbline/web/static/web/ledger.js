// Ledgers: columns are added, moved and dropped; a click on a column writes it into the condition.
const columns = document.getElementById("columns");
const focusName = (column) => column.querySelector('[name="column_label"]').focus();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) { return; }
  const column = button.closest("[data-column]");
  if (button.hasAttribute("data-add")) {
    columns.append(document.getElementById("blank-column").content.cloneNode(true));
    focusName(columns.lastElementChild);
  } else if (column && button.hasAttribute("data-drop")) {
    const next = column.nextElementSibling || column.previousElementSibling;
    column.remove();
    if (next) { focusName(next); }
  } else if (column && button.hasAttribute("data-up") && column.previousElementSibling) {
    column.previousElementSibling.before(column);
    button.focus();
  } else if (column && button.hasAttribute("data-down") && column.nextElementSibling) {
    column.nextElementSibling.after(column);
    button.focus();
  } else if (button.dataset.put) {
    put(button.dataset.put, button.hasAttribute("data-tight"));
  }
});

// the expression the person was last in
let code = document.getElementById("where") || document.getElementById("text");
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-code]")) { code = event.target; } });

function put(text, tight) {
  const at = code.selectionStart ?? code.value.length;
  const before = code.value.slice(0, at);
  const gap = !tight && before && !/[\s(]$/.test(before) ? " " : "";
  code.setRangeText(`${gap}${text}${tight ? "" : " "}`, at, code.selectionEnd ?? at, "end");
  code.focus();
  document.body.dispatchEvent(new CustomEvent("put"));
}

const kind = document.getElementById("kind");
function kindChosen() {
  document.getElementById("kind-hint").textContent = kind.selectedOptions[0].dataset.hint;
  document.getElementById("of-part").hidden = kind.value === "count";
  const unit = document.getElementById("unit");
  if (kind.value === "share" && unit.value === "个") { unit.value = "%"; }
}
if (kind) {
  kind.addEventListener("change", kindChosen);
  kindChosen();
}

const sample = document.getElementById("sample-file");
if (sample) {
  sample.addEventListener("change", () => {
    const drop = sample.closest(".plumb-drop");
    drop.classList.toggle("is-chosen", sample.files.length > 0);
    if (sample.files.length) { drop.querySelector("[data-chosen]").textContent = sample.files[0].name; }
  });
}
