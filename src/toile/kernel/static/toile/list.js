// Ce que la liste gagne quand JavaScript est là : elle se met à jour sur place, et sait où l'on est.
(() => {
  "use strict";

  const results = () => document.getElementById("resultats");
  const ours = (event) => event.detail.target?.id === "resultats";
  const region = () => document.getElementById("annonce");
  const usable = navigator.geolocation ? "[data-locate],[data-copy]" : "[data-copy]";
  const show = (root) => {
    root.querySelectorAll(usable).forEach((button) => button.closest("[hidden]")?.removeAttribute("hidden"));
    document.querySelectorAll("#resultats [data-without-script]").forEach((button) => { button.hidden = true; });
  };

  // Une adresse courte : ce qui n'est pas demandé n'y est pas écrit.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!ours(event)) return;
    const asked = event.detail.parameters;
    Object.keys(asked).forEach((name) => { if (asked[name] === "") delete asked[name]; });
  });

  // L'échange garde ouvert ce qui l'était et rend le focus à la même case. Si elle a disparu, ou si l'on a appliqué les
  // filtres, il va au nombre trouvé.
  let open = [];
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!ours(event)) return;
    const active = document.activeElement;
    const applied = active.matches("[data-apply]");
    open = [...results().querySelectorAll("details[open][id]")].map((fold) => fold.id);
    if (applied) open = open.filter((id) => id !== "tiroir");
    held = results().contains(active) ? { name: active.name, value: active.type === "checkbox" ? active.value : null, applied } : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!ours(event)) return;
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    const found = document.getElementById("nb");
    document.getElementById("dit").textContent = found.textContent;
    if (!held) return;
    const same = [...results().querySelectorAll("input,select")].find((one) => held.name && one.name === held.name
      && (held.value === null || one.value === held.value));
    (same || found).focus({ preventScroll: !held.applied });
  });
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate],[data-copy]");
    if (!button) return;
    if (button.matches("[data-copy]")) {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value).then(() => { region().textContent = button.dataset.done; });
      return;
    }
    // La position ne va que dans l'adresse, à cent mètres près.
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const asked = new URLSearchParams(window.location.search);
      ["ou", "page", "boite"].forEach((name) => asked.delete(name));
      asked.set("pres", `${coords.longitude.toFixed(3)},${coords.latitude.toFixed(3)}`);
      asked.set("tri", "distance");
      window.location.assign(`${button.dataset.locate}?${asked}`);
    }, () => { region().textContent = button.dataset.denied; }, { timeout: 10000 });
  });

  show(document);
})();
