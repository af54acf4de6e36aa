// Tables of records: the name of the file chosen, files dropped, and the limit said before sending.
const deliver = document.getElementById("deliver");
if (deliver) {
  const input = deliver.elements.file;
  const drop = deliver.querySelector(".plumb-drop");
  const words = deliver.querySelector("[data-chosen]");
  const usual = words.textContent;
  const show = () => {
    const file = input.files[0];
    const large = file && file.size > deliver.dataset.limit * 1024 * 1024;
    input.setCustomValidity(large ? `文件超过 ${deliver.dataset.limit} MB 的上限；请按地区或月份拆开，或改用 parquet。` : "");
    words.textContent = file ? file.name : usual;
    drop.classList.toggle("is-chosen", Boolean(file));
    if (large) input.reportValidity();
  };
  input.addEventListener("change", show);
  ["dragover", "dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  }));
  deliver.addEventListener("submit", () => {
    const button = deliver.querySelector("button[type=submit]");
    button.disabled = true;
    button.textContent = "正在上传……";
  });
}
