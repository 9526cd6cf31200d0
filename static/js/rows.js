// Rows of a form: add, remove, and what they add up to, as one types. The server reads the same
// numbers again and shows its own sum where this one was not shown or differs.
(() => {
  "use strict";
  const NUMBER = /^[+]?\$?(?:[0-9]{1,12}(?:\.[0-9]{0,2})?|\.[0-9]{1,2}|[0-9]{1,3}(?:,[0-9]{3}){1,3}\.[0-9]{0,2}|[0-9]{1,3}(?:,[0-9]{3}){2,3})$/;
  const cents = (text) => {
    if (!NUMBER.test(text)) return null;
    const [whole, rest = ""] = text.replace(/[+$,]/g, "").split(".");
    return Number(whole || 0) * 100 + Number(rest.padEnd(2, "0"));
  };
  const written = (sum) => {
    const whole = String(Math.trunc(sum / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${whole}.${String(sum % 100).padStart(2, "0")}`;
  };
  const rows = (editor) => [...editor.querySelectorAll("tr[data-row]")];

  const add = (editor) => {
    let sum = 0;
    let wrong = "";
    rows(editor).forEach((row, at) => {
      const box = row.querySelector("[data-amount]");
      const text = box ? box.value.trim() : "";
      const found = text ? cents(text) : 0;
      box?.classList.toggle("wrong", found === null);
      if (found === null && !wrong) wrong = `Row ${at + 1}: write the amount as 12450.00 or 12,450.00.`;
      sum += found || 0;
    });
    const pasted = editor.querySelector("[data-paste]")?.value.trim();
    const total = editor.querySelector("[data-total]");
    if (!total) return;
    if (pasted && !wrong) wrong = "Pasted lines are added up when you save, and shown first.";
    const known = !wrong && sum > 0;
    total.textContent = known ? `$${written(sum)}` : "–";
    editor.querySelector("[data-shown-total]").value = known ? written(sum) : "";
    editor.querySelector("[data-unclear]").textContent = wrong;
  };

  const number = (editor) => rows(editor).forEach((row, at) => {
    row.querySelectorAll("input").forEach((box) => {
      box.name = box.name.replace(/-\d+-/, `-${at}-`);
      const said = box.getAttribute("aria-label");
      if (said) box.setAttribute("aria-label", said.replace(/row \d+$/, `row ${at + 1}`));
    });
    const drop = row.querySelector("[data-drop-row]");
    if (!drop) return;
    drop.value = drop.value.replace(/\d+$/, at);
    drop.setAttribute("aria-label", `Remove row ${at + 1}`);
  });

  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-row]");
    const drop = event.target.closest("[data-drop-row]");
    const editor = event.target.closest("[data-rows]");
    if (!editor || !(more || drop)) return;
    event.preventDefault();
    const all = rows(editor);
    const blank = (row, keep) => row.querySelectorAll("input").forEach((box) => {
      if (!(keep && box.type === "date")) box.value = "";
      box.removeAttribute("id");
      box.removeAttribute("aria-describedby");
      box.classList.remove("wrong");
    });
    if (more && all.length < 400) {
      const last = all[all.length - 1];
      const next = last.cloneNode(true);
      blank(next, true);
      next.classList.remove("wrong");
      last.parentNode.append(next);
    } else if (drop) {
      const row = drop.closest("tr");
      if (row.nextElementSibling?.classList.contains("row-fault")) row.nextElementSibling.remove();
      if (all.length > 1) row.remove();
      else blank(row, false);
    }
    number(editor);
    add(editor);
    if (more) rows(editor).at(-1).querySelector("input")?.focus();
  });
  document.addEventListener("input", (event) => {
    const editor = event.target.closest("[data-rows]");
    if (editor) add(editor);
  });
  document.querySelectorAll("[data-rows]").forEach((editor) => {
    // what the server said of a row stands alone until something is typed
    if (!editor.querySelector(".row-fault") && rows(editor).some((row) => row.querySelector("[data-amount]")?.value)) add(editor);
  });
})();
