// Walking the journal's chain, and how far it is.
const form = document.getElementById("verify");
if (form) { form.addEventListener("submit", (event) => { event.preventDefault(); walk(); }); }

async function walk() {
  const box = document.getElementById("verdict");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "Accept": "application/x-ndjson" } });
    if (!answer.ok) { throw new Error(String(answer.status)); }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) { break; }
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      lines.filter((line) => line).forEach((line) => tell(box, JSON.parse(line)));
    }
  } catch {
    box.replaceChildren(alert("danger", "查验没有完成。请检查网络后重试。"));
  } finally { button.disabled = false; }
}

function tell(box, step) {
  if (step.done !== undefined) {
    const bar = document.createElement("progress");
    bar.className = "plumb-walk";
    bar.max = step.of;
    bar.value = step.done;
    bar.textContent = `${step.done} / ${step.of}`;
    const words = document.createElement("p");
    words.textContent = `正在查验：${step.done} / ${step.of} 条`;
    box.replaceChildren(words, bar);
    return;
  }
  const line = alert(step.sound ? "success" : "danger", `${step.sound ? "日志完好。" : "日志被改动过。"}${step.why}`);
  if (step.href) {
    const link = document.createElement("a");
    link.href = step.href;
    link.textContent = " 查看这一条";
    line.append(link);
  }
  const digest = document.createElement("small");
  digest.textContent = `链尾校验值 ${step.digest}`;
  line.append(document.createElement("br"), digest);
  box.replaceChildren(line);
}

function alert(kind, words) {
  const line = document.createElement("div");
  line.className = `alert alert-${kind}`;
  line.setAttribute("role", "status");
  line.textContent = words;
  return line;
}
