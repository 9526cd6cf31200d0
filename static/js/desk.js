// Keyboard shortcuts, sorting by several columns, order of columns, choosing rows. Everything
// here is a quicker way to something that works without script.
(() => {
  "use strict";
  const typing = (t) => t.closest("input, select, textarea, [contenteditable]");
  const go = JSON.parse(document.querySelector("#shortcuts")?.dataset.go ?? "{}");
  let waiting = "";
  let current = -1;

  const rows = () => [...document.querySelectorAll("#results tbody tr")];
  const mark = (step) => {
    const all = rows();
    if (!all.length) return;
    all[current]?.classList.remove("current");
    current = Math.min(Math.max(current + step, 0), all.length - 1);
    all[current].classList.add("current");
    all[current].scrollIntoView({ block: "nearest" });
  };

  const keys = {
    "/": () => document.querySelector("#everywhere")?.focus(),
    f: () => document.querySelector("#filters [type=search]")?.focus(),
    "?": () => document.querySelector("#shortcuts")?.showModal(),
    j: () => mark(1),
    k: () => mark(-1),
    o: () => rows()[current]?.querySelector("a")?.click(),
    x: () => rows()[current]?.querySelector("[name=row]")?.click(),
    "[": () => document.querySelector("#results a[rel=prev]")?.click(),
    "]": () => document.querySelector("#results a[rel=next]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waiting === "g" && go[event.key]) {
      location.href = go[event.key];
    } else if (event.key === "g") {
      waiting = "g";
      setTimeout(() => { waiting = ""; }, 1200);
      return;
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
    waiting = "";
  });

  // a click with Shift adds a column to the sort instead of replacing it
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sort]");
    if (link && event.shiftKey) {
      event.preventDefault();
      const query = new URLSearchParams(location.search);
      const name = link.dataset.sort.replace(/^-/, "");
      const kept = query.getAll("sort").filter((s) => s.replace(/^-/, "") !== name);
      query.delete("sort");
      [...kept, link.dataset.sort].forEach((s) => query.append("sort", s));
      query.delete("page");
      location.search = query;
      return;
    }
    const move = event.target.closest("[data-move]");
    if (move) {
      const row = move.closest(".column-row");
      const other = move.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (move.dataset.move === "-1") other.before(row);
      else other.after(row);
      move.focus();
      row.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    const opener = event.target.closest("[data-open]");
    if (opener) document.querySelector(opener.dataset.open)?.showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
  });

  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-pick-all]");
    if (all) document.querySelectorAll("#bulk [name=row]").forEach((box) => { box.checked = all.checked; });
    const count = document.querySelector("[data-chosen]");
    if (count) count.textContent = document.querySelectorAll("#bulk [name=row]:checked").length;
  });

  // a view keeps what is shown, also after filters were changed without loading the page anew
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".save-view")) return;
    event.target.querySelector("[data-kept]").value = location.search.slice(1);
  });
  document.addEventListener("htmx:afterSwap", () => { current = -1; });
  // an address that names a box to fill in leads into it, not only to its line
  const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (named && named.matches("input, select, textarea")) named.focus();
  document.documentElement.classList.add("has-script");
})();
