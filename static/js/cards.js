// Runs before the page is drawn for the first time, so that nothing moves once it is seen.
(() => {
  // on a phone a table that does not fit becomes cards: each cell says its heading, nothing is cut
  const phone = matchMedia("(max-width: 600px)");
  const fit = () => {
    if (!phone.matches) return;
    for (const box of document.querySelectorAll(".scroll")) {
      const table = box.querySelector(":scope > table");
      if (!table || table.matches(".rows, .stack, .cards, .heat, .matrix, .correct")) continue;
      if (box.scrollWidth <= box.clientWidth || table.tHead?.rows.length !== 1) continue;
      const names = [...table.tHead.rows[0].cells].flatMap((c) => Array(c.colSpan).fill(c.innerText.trim()));
      for (const row of [...table.tBodies, table.tFoot].flatMap((part) => [...(part?.rows ?? [])])) {
        let at = 0;
        for (const cell of row.cells) {
          if (cell.colSpan === 1 && names[at] && cell.textContent.trim()) cell.dataset.name ||= names[at];
          at += cell.colSpan;
        }
      }
      table.classList.add("cards");
    }
  };
  fit();
  phone.addEventListener("change", fit);
  document.addEventListener("htmx:afterSwap", fit);
})();
