// Comforts of the public form; everything works without them.
(() => {
  const form = document.querySelector("[data-ask]");
  if (!form) return;
  form.addEventListener("submit", () => {
    const button = form.querySelector("[type=submit]");
    setTimeout(() => { button.disabled = true; button.textContent = "正在提交…"; }, 0);
  });
  window.addEventListener("pageshow", () => {
    const button = form.querySelector("[type=submit]");
    button.disabled = false;
    button.textContent = "提交";
  });
  const here = form.querySelector("[data-ask-here]"), said = form.querySelector("[data-ask-said]");
  if (!here || !navigator.geolocation || !window.isSecureContext) return;
  here.hidden = false;
  here.addEventListener("click", () => {
    said.textContent = "正在定位…";
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.lng.value = coords.longitude.toFixed(6);
      form.elements.lat.value = coords.latitude.toFixed(6);
      said.textContent = "已填入。";
    }, () => { said.textContent = "没有取得位置，可以只写地址。"; }, { timeout: 10000 });
  });
})();
