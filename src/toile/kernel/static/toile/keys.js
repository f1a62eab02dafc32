// Une touche, une réponse : chaque bouton « data-key » répond à sa lettre, hors des champs, tant que la case le permet
// (WCAG 2.1.4). Le choix de la personne est gardé par son navigateur.
(() => {
  "use strict";

  const KEPT = "toile-touches";
  const isOn = () => localStorage.getItem(KEPT) !== "non";

  const prepare = () => {
    document.querySelectorAll("[data-keys]").forEach((part) => { part.hidden = part.tagName === "KBD" && !isOn(); });
    document.querySelectorAll("[data-keys-on]").forEach((box) => { box.checked = isOn(); });
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-on]")) return;
    localStorage.setItem(KEPT, event.target.checked ? "oui" : "non");
    prepare();
  });

  document.addEventListener("keydown", (event) => {
    const typing = "input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]";
    if (!isOn() || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
    // Une réponse est en route : la suivante attend la paire suivante.
    if (document.querySelector(".htmx-request")) return;
    // Dans une file, la touche parle de la chose où l'on est.
    const near = document.activeElement?.closest("[data-item]") ?? document;
    const button = [...near.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("htmx:load", prepare);
  prepare();
})();
