// What every page needs: a failed request says so.
document.addEventListener("htmx:sendError", () => say("连接中断，没有保存。请检查网络后重试。"));
document.addEventListener("htmx:responseError", (event) => {
  if (![400, 409, 413, 422].includes(event.detail.xhr.status)) {
    say(event.detail.xhr.status === 403 ? "您没有这项权限，没有保存任何改动。" : "没有成功，没有保存任何改动。请刷新后重试。");
  }
});

function say(text) {
  const box = document.getElementById("messages");
  const line = document.createElement("div");
  line.className = "alert alert-danger";
  line.setAttribute("role", "alert");
  line.textContent = text;
  box.replaceChildren(line);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  // a box that dropped down closes when one clicks elsewhere
  document.querySelectorAll("details.plumb-act[open]").forEach((box) => {
    if (!box.contains(event.target)) box.open = false;
  });
});
