// Handing in reports: one after another, with the share sent, and what was wrong beside the form.
const form = document.getElementById("upload");

function line(text, kind) {
  const box = document.createElement("div");
  box.className = `alert alert-${kind} plumb-findings`;
  box.setAttribute("role", kind === "danger" ? "alert" : "status");
  box.textContent = text;
  return box;
}

function refused(name, answer) {
  const box = line("", "danger");
  const head = document.createElement("strong");
  head.textContent = `${name}：没有收下`;
  const list = document.createElement("ul");
  const findings = answer.findings && answer.findings.length ? answer.findings : [{ message: answer.advice }];
  findings.forEach((finding) => {
    const item = document.createElement("li");
    item.dataset.check = finding.check || "";
    item.textContent = finding.message.replace(`${name}：`, "");
    list.append(item);
  });
  box.replaceChildren(head, list);
  return box;
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return { advice: request.status === 413 ? tooLarge() : "没有成功，没有保存。请刷新页面后重试。" };
  }
}

function tooLarge() {
  return `文件超过 ${form.dataset.limit} MB 的上限，没有保存。请拆分，或另存为不含图片的版本后再上传。`;
}

function send(file, published, said) {
  return new Promise((done) => {
    const row = line(`${file.name} `, "info");
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", `${file.name} 上传进度`);
    row.append(bar);
    said.append(row);
    const finish = (box) => {
      row.replaceWith(box);
      done();
    };
    if (file.size > form.dataset.limit * 1024 * 1024) {
      finish(refused(file.name, { advice: tooLarge() }));
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.to);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded; });
    request.addEventListener("load", () => finish(request.status === 201
      ? line(`${file.name}：已收到，正在读取。`, "success") : refused(file.name, answerOf(request))));
    request.addEventListener("error", () => finish(refused(file.name, { advice: "上传中途断开，没有保存。请检查网络后重新上传。" })));
    const body = new FormData();
    if (published) body.append("published", "on");
    body.append("file", file);
    request.send(body);
  });
}

async function sendAll(files) {
  const said = document.getElementById("upload-said");
  said.replaceChildren();
  if (!files.length) {
    said.append(line("没有选择文件。请选择一份 txt、docx、html 或 pdf 报告后再上传。", "danger"));
    return;
  }
  for (const file of files) await send(file, form.elements.published.checked, said);
  form.reset();
  htmx.trigger(document.body, "plumb:renew");
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll([...form.elements.file.files]);
  });
  form.elements.file.addEventListener("change", () => {
    if (form.elements.file.files.length) sendAll([...form.elements.file.files]);
  });
  const drop = form.querySelector(".plumb-drop");
  ["dragover", "dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") sendAll([...event.dataTransfer.files]);
  }));
}
