// Ce qui arrive pendant que la page est ouverte : elle l'annonce et attend. Sans JavaScript, rien ne change.
(() => {
  "use strict";

  const bar = document.querySelector("[data-live]");
  if (!bar || !window.EventSource) return;
  const { live, none, one, many, again } = bar.dataset;
  const button = bar.querySelector("button");
  const said = bar.querySelector("[role=status]");
  const waiting = [];
  let stream = null;
  let last = new URL(live, window.location.href).searchParams.get("depuis");
  let mustReload = false;

  const tell = () => {
    const count = waiting.length;
    bar.hidden = !count && !mustReload;
    button.textContent = mustReload ? again : (count === 1 ? one : many.replace("{n}", count));
    said.textContent = bar.hidden ? "" : button.textContent;
  };

  const stop = () => { stream?.close(); stream = null; };

  const start = () => {
    if (stream || mustReload || document.hidden) return;
    const address = new URL(live, window.location.href);
    address.searchParams.set("depuis", last);
    stream = new EventSource(address);
    stream.addEventListener("fact", (event) => {
      last = event.lastEventId;
      const fact = JSON.parse(event.data);
      if (waiting.push(fact) > 100) mustReload = true;
      if (mustReload) stop();
      tell();
    });
    stream.addEventListener("reload", () => { mustReload = true; stop(); tell(); });
    // Refusé (trop de pages ouvertes) : le navigateur renonce, la page redemande plus tard.
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      stop();
      window.setTimeout(start, 60000 + Math.random() * 60000);
    });
  };

  const show = () => {
    const list = document.querySelector("ol.thread");
    if (mustReload || !list) {
      window.location.reload();
      return;
    }
    let first = null;
    waiting.sort((a, b) => a.happened_at.localeCompare(b.happened_at) || a.id - b.id).forEach((fact) => {
      const year = fact.happened_at.slice(0, 4);
      let head = [...list.querySelectorAll("li.year")].find((item) => item.textContent === year);
      if (!head) {
        head = document.createElement("li");
        head.className = "year";
        head.textContent = year;
        list.prepend(head);
      }
      const drawn = document.createElement("template");
      drawn.innerHTML = fact.html;
      first = drawn.content.querySelector("li");
      head.after(drawn.content);
    });
    waiting.length = 0;
    tell();
    said.textContent = none;
    first?.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
  };

  button.addEventListener("click", show);
  // Une page que personne ne regarde n'écoute pas ; elle reprend où elle en était.
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else start(); });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
  start();
})();
