// A short tour over a page: one card, beside what it speaks of. Escape ends it.
(() => {
  "use strict";
  if (!new URLSearchParams(location.search).has("tour")) return;
  fetch(document.body.dataset.tour, { credentials: "same-origin" }).then((r) => r.json()).then(({ steps }) => {
    const found = steps.map((s) => ({ ...s, element: document.querySelector(s.target) })).filter((s) => s.element);
    if (!found.length) return;
    const card = document.createElement("dialog");
    card.className = "tour";
    card.setAttribute("aria-live", "polite");
    document.body.append(card);
    let at = 0;
    const end = () => {
      found.forEach((s) => s.element.classList.remove("tour-spot"));
      card.remove();
      history.replaceState(null, "", location.pathname);
    };
    const show = () => {
      found.forEach((s) => s.element.classList.remove("tour-spot"));
      const step = found[at];
      const group = step.element.closest("details");
      if (group) group.open = true; // a closed group of the menu would hide what is spoken of
      step.element.classList.add("tour-spot");
      step.element.scrollIntoView({ block: "center" });
      const make = (name, text, cls) => {
        const made = document.createElement(name);
        made.textContent = text;
        if (cls) made.className = cls;
        return made;
      };
      const actions = make("div", "", "actions gap");
      const button = (text, cls, act) => {
        const b = make("button", text, cls);
        b.type = "button";
        b.addEventListener("click", act);
        actions.append(b);
        return b;
      };
      if (at > 0) button("Back", "", () => { at -= 1; show(); });
      const last = at === found.length - 1;
      const next = button(last ? "Done" : "Next", "primary", () => { if (last) end(); else { at += 1; show(); } });
      if (!last) button("End the tour", "quiet", end);
      card.replaceChildren(make("h2", step.title), make("p", step.text), make("p", `${at + 1} of ${found.length}`, "muted small"), actions);
      next.focus();
    };
    card.addEventListener("cancel", end);
    card.showModal();
    show();
  });
})();
