// Lists of the plan: boxes that tick a page, choices that go at once.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.dataset.pickAll) {
    document.querySelectorAll(`input[name="id"][form="${box.dataset.pickAll}"]`).forEach((one) => { one.checked = box.checked; });
  }
  if (box.hasAttribute("data-go")) {
    const asked = [...new FormData(box.form)].filter(([, value]) => value);
    location.assign(`${location.pathname}?${new URLSearchParams(asked)}`);
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const all = form.querySelector('input[name="all"]');
  if (!all || all.checked) { return; }
  // not form.id: the boxes are named so, and would answer in its place
  if (!document.querySelector(`input[name="id"][form="${form.getAttribute("id")}"]:checked`)) {
    event.preventDefault();
    const box = document.getElementById("messages");
    const line = document.createElement("div");
    line.className = "alert alert-warning";
    line.setAttribute("role", "status");
    line.textContent = "还没有选中任何一条；请先在表中勾选，或选“筛选出的全部”。";
    box.replaceChildren(line);
    line.scrollIntoView({ block: "center" });
  }
});
