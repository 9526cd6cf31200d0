// Rejected rows: a click fills a cell with what it may mean, Enter goes to the next wrong cell, and
// how many are changed is said. Without this the same buttons ask the server.
(() => {
  "use strict";
  const form = document.querySelector("form[data-correct]");
  if (!form) return;
  const wrong = [...form.querySelectorAll("input[aria-invalid]")];
  const first = new Map(wrong.map((box) => [box, box.defaultValue]));
  const left = (box) => !box.closest("tr").querySelector("[name=drop]").checked && box.value === first.get(box);
  const said = form.querySelector("[data-changed]");

  const tell = () => {
    for (const box of wrong) box.closest("td").classList.toggle("changed", !left(box));
    const done = wrong.filter((box) => !left(box)).length;
    said.textContent = `${done.toLocaleString("en-US")} of ${wrong.length.toLocaleString("en-US")} wrong cells changed`;
  };
  const fill = (box, text) => { box.value = text; };
  const next = (from) => {
    const at = wrong.indexOf(from) + 1;
    const box = [...wrong.slice(at), ...wrong.slice(0, at)].find(left);
    (box ?? form.querySelector(".held .primary")).focus();
    box?.select();
  };
  const replaced = (mark) => {
    for (const box of wrong) {
      if (!box.name.endsWith(`-${mark.dataset.column}`) || first.get(box) !== mark.dataset.text) continue;
      if (mark.checked && left(box)) fill(box, mark.dataset.instead);
      else if (!mark.checked && box.value === mark.dataset.instead) fill(box, first.get(box));
    }
  };

  form.addEventListener("click", (event) => {
    const meant = event.target.closest("[data-meant]");
    const all = event.target.closest("[data-mark-all]");
    if (meant) {
      event.preventDefault();
      const box = meant.closest("td").querySelector("input");
      fill(box, meant.dataset.meant);
      tell();
      next(box);
    } else if (all) {
      form.querySelectorAll("[name=replace]").forEach((mark) => { mark.checked = true; replaced(mark); });
      tell();
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[name=replace]")) replaced(event.target);
    tell();
  });
  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("td input:not([type=checkbox])")) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) form.requestSubmit(form.querySelector(".held .primary"));
    else next(event.target);
  });
  form.querySelectorAll("[name=replace]:checked").forEach(replaced);
  tell();
})();
