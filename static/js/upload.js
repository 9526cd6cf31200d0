// Dropping a file, pasting cells, progress by bytes, and a way to stop: on top of a plain form.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const name = form.querySelector("[data-file-name]");
  const bar = form.querySelector("[data-sending]");
  const size = (n) => n > 1e6 ? (n / 1e6).toFixed(1) + " MB" : Math.ceil(n / 1e3) + " kB";
  const show = () => {
    const file = input.files[0];
    name.textContent = file ? `${file.name}, ${size(file.size)}` : "";
  };
  input.addEventListener("change", show);
  ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  }));
  ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.remove("over")));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });

  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-plain")) return; // the answer may be a page of its own
    event.preventDefault();
    const sending = new XMLHttpRequest();
    const progress = bar.querySelector("progress");
    const said = bar.querySelector("[data-said]");
    bar.hidden = false;
    form.querySelector("button.primary").disabled = true;
    const again = (text) => {
      said.textContent = text;
      progress.value = 0;
      form.querySelector("button.primary").disabled = false;
    };
    sending.upload.addEventListener("progress", (e) => {
      if (!e.lengthComputable) return;
      progress.max = e.total;
      progress.value = e.loaded;
      said.textContent = e.loaded < e.total ? `${size(e.loaded)} of ${size(e.total)} sent` : "Sent. The file is being checked.";
    });
    sending.addEventListener("load", () => {
      if (sending.responseURL && !sending.responseURL.endsWith(location.pathname) && sending.status < 400) {
        location.href = sending.responseURL;
        return;
      }
      const answer = new DOMParser().parseFromString(sending.responseText, "text/html");
      const notes = [...answer.querySelectorAll(".note.bad, .errorlist li, main p")].map((n) => n.textContent.trim());
      again(notes[0] || "The file was not taken. Try again.");
    });
    sending.addEventListener("error", () => again("The connection was cut; nothing was stored. Send it again."));
    sending.addEventListener("abort", () => again("Stopped; nothing was stored."));
    bar.querySelector("[data-stop]").onclick = () => sending.abort();
    sending.open("POST", form.action || location.href);
    sending.send(new FormData(form));
  });
})();

// The list of kinds narrows as one types; without this the form asks the server.
(() => {
  "use strict";
  const box = document.querySelector("input[data-filter]");
  if (!box) return;
  box.form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", () => {
    const words = box.value.trim().toLowerCase();
    document.querySelectorAll("[data-kind-group]").forEach((group) => {
      let shown = 0;
      group.querySelectorAll("[data-kind]").forEach((row) => {
        row.hidden = !row.dataset.kind.toLowerCase().includes(words) && !row.textContent.toLowerCase().includes(words);
        shown += row.hidden ? 0 : 1;
      });
      group.hidden = !shown;
    });
  });
})();
