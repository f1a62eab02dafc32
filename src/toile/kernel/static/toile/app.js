// Ce que la page gagne quand JavaScript est là ; sans lui, tout fonctionne.
(() => {
  "use strict";

  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  // Le résumé des erreurs prend le focus, à l'arrivée comme après un échange htmx.
  const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();

  // Un choix de tri part tout seul ; son bouton ne sert que sans JavaScript.
  const prepare = (root) => {
    each(root, "select[data-autosubmit]", (select) => {
      each(select.form, "[data-without-script]", (button) => { button.hidden = true; });
    });
    each(root, "[data-print],[data-dialog]", (button) => { button.hidden = false; });
    if (navigator.share) each(root, "[data-share]", (button) => { button.hidden = false; });
    focusSummary(root);
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print],[data-dialog],[data-close],[data-share]");
    if (!button) return;
    if (button.matches("[data-share]")) {
      // Renoncer à partager n'est pas une panne.
      navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
    } else if (button.matches("[data-print]")) window.print();
    else if (button.matches("[data-dialog]")) document.getElementById(button.dataset.dialog)?.showModal();
    else button.closest("dialog")?.close();
  });

  // Échap ferme un menu ouvert et rend le focus à son bouton ; un clic au-dehors le ferme aussi.
  const menus = "details.menu[open],details.person[open]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    each(document, menus, (menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    each(document, menus, (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Imprimer montre ce qui était replié, puis le replie.
  window.addEventListener("beforeprint", () => each(document, "main details:not([open])", (fold) => {
    fold.open = true;
    fold.dataset.unfolded = "";
  }));
  window.addEventListener("afterprint", () => each(document, "[data-unfolded]", (fold) => {
    fold.open = false;
    delete fold.dataset.unfolded;
  }));

  // Un échange qui échoue se dit, avec les mots que la page porte.
  const region = () => document.getElementById("annonce");
  document.addEventListener("htmx:responseError", () => { region().textContent = region().dataset.failed; });
  document.addEventListener("htmx:sendError", () => { region().textContent = region().dataset.offline; });
  document.addEventListener("htmx:beforeRequest", () => { region().textContent = ""; });
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

  prepare(document);
})();
