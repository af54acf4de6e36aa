// The call-back desk by keyboard: Alt+1…4 goes to a question, Ctrl+Enter keeps what was said.
const form = document.getElementById("callback");

document.addEventListener("keydown", (event) => {
  if (!form) return;
  if (event.ctrlKey && event.key === "Enter") { form.querySelector(".btn-primary").click(); event.preventDefault(); return; }
  const question = event.altKey && form.querySelector(`[data-question='${event.key}']`);
  if (!question) return;
  (form.querySelector(`[name='${question.name}']:checked`) || question).focus();
  event.preventDefault();
});
