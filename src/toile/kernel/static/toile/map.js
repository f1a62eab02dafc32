// La carte d'une liste : glisser, touches, repères et lignes qui se répondent ; sans ce fichier, ses liens suffisent.
(() => {
  "use strict";

  const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", ArrowUp: "north", ArrowDown: "south", ArrowLeft: "west", ArrowRight: "east" };
  const NEAR = 6; // pixels : en deçà, un clic ; au-delà, la carte glisse

  // La même page, demandée là où va un lien de la carte : la liste suit, et le clavier reste où il était.
  let held = null;
  const follow = (map, address) => {
    const results = map.closest("[data-results]");
    if (!results?.id || !window.htmx) { window.location.assign(address); return; }
    const region = `#${results.id}`;
    held = map.contains(document.activeElement) ? document.activeElement.id || "carte" : null;
    window.htmx.ajax("GET", address, { source: results, target: region, select: region, swap: "outerHTML", push: address });
  };

  const step = (map, code) => {
    const link = map.querySelector(`[data-step="${code}"]`);
    if (link) follow(map, link.getAttribute("href"));
    return Boolean(link);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-map] [data-step]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    follow(link.closest("[data-map]"), link.getAttribute("href"));
  });

  document.addEventListener("keydown", (event) => {
    const map = event.target.closest?.("[data-map] svg")?.closest("[data-map]");
    if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
    if (KEYS[event.key] && step(map, KEYS[event.key])) event.preventDefault();
  });

  // Avec Ctrl seulement : la molette seule fait défiler la page.
  let rolled = 0;
  document.addEventListener("wheel", (event) => {
    const map = event.ctrlKey && event.target.closest("[data-map] svg")?.closest("[data-map]");
    if (!map) return;
    event.preventDefault();
    if (event.timeStamp - rolled < 400) return;
    rolled = event.timeStamp;
    step(map, event.deltaY < 0 ? "in" : "out");
  }, { passive: false });

  // Glisser à la souris ou au stylet ; le doigt, lui, fait défiler la page.
  let drag = null;
  document.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("[data-map] svg");
    if (svg && event.button === 0 && event.pointerType !== "touch") drag = { svg, x: event.clientX, y: event.clientY, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < NEAR) return;
    const { width, height } = drag.svg.viewBox.baseVal;
    const unit = width / drag.svg.clientWidth;
    drag.moved = true;
    drag.svg.dataset.dragged = "";
    drag.svg.setAttribute("viewBox", `${-dx * unit} ${-dy * unit} ${width} ${height}`);
  });
  document.addEventListener("pointerup", () => {
    if (drag?.moved) {
      const map = drag.svg.closest("[data-map]");
      const { x, y, width, height } = drag.svg.viewBox.baseVal;
      const [west, south, east, north] = map.dataset.box.split(",").map(Number);
      const [across, up] = [(x / width) * (east - west), (-y / height) * (north - south)];
      const box = [west + across, south + up, east + across, north + up].map((side) => side.toFixed(5)).join(",");
      const address = new URL(window.location.href);
      address.searchParams.set("boite", box);
      address.searchParams.delete("page");
      document.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
      window.setTimeout(() => follow(map, address.pathname + address.search));
    }
    drag = null;
  });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-map] svg")) event.preventDefault(); });

  // Survoler ou atteindre une ligne éclaire son repère, et l'inverse.
  const pair = (event) => {
    document.querySelectorAll("[data-lit]").forEach((lit) => lit.removeAttribute("data-lit"));
    const line = event.target.closest?.("[data-line]")?.dataset.line;
    const mark = event.target.closest?.("[data-lines]")?.dataset.lines;
    if (line) document.querySelectorAll(`[data-lines~="${CSS.escape(line)}"]`).forEach((found) => { found.dataset.lit = ""; });
    else if (mark) mark.split(" ").forEach((number) => document.querySelectorAll(`[data-line="${CSS.escape(number)}"]`).forEach((found) => { found.dataset.lit = ""; }));
  };
  document.addEventListener("mouseover", pair);
  document.addEventListener("focusin", pair);

  // Le dessin reçoit les touches ; après un échange, il prend le focus si ce qui l'avait n'y est plus.
  const prepare = (root) => {
    root.querySelectorAll("[data-map] svg").forEach((svg) => { svg.tabIndex = 0; });
    if (!held) return;
    const asked = [held, "carte"].map((id) => document.getElementById(id)).filter(Boolean);
    held = null;
    asked.find((element) => { element.focus({ preventScroll: true }); return document.activeElement === element; });
  };
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  prepare(document);
})();
