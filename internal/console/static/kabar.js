// What pages gain from JavaScript: a live meter under texts and a progress that moves. Everything works without it.
"use strict";
(() => {
  const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const extended = "\f^{}\\[~]|€";

  const measure = (text) => {
    const chars = [...text];
    const gsm = chars.every((c) => basic.includes(c) || extended.includes(c));
    const size = gsm ? (c) => (extended.includes(c) ? 2 : 1) : (c) => c.length;
    const units = chars.reduce((n, c) => n + size(c), 0);
    const [one, each] = gsm ? [160, 153] : [70, 67];
    if (units <= one) return { units, limit: one, parts: units ? 1 : 0, gsm };
    let parts = 1, room = each;
    for (const c of chars) {
      if (size(c) > room) { parts += 1; room = each; }
      room -= size(c);
    }
    return { units, limit: parts * each, parts, gsm };
  };

  // On a phone the menu is one line that scrolls: the page where one is comes into sight.
  const menu = document.querySelector(".menu"), here = menu?.querySelector("[aria-current]");
  if (here) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - 16;

  document.querySelectorAll("textarea[data-meter]").forEach((area) => {
    const out = document.querySelector(`output[for="${area.id}"]`);
    const values = JSON.parse(area.dataset.meter);
    const show = () => {
      const text = Object.entries(values).reduce((t, [k, v]) => t.replaceAll(k, v), area.value.trim());
      if (!text) { out.textContent = ""; return; }
      const m = measure(text);
      out.textContent = `${m.units}/${m.limit}, ${m.parts} SMS` + (m.gsm ? "" : " – ada huruf mahal");
      out.classList.toggle("over", m.parts > 1 || !m.gsm);
    };
    area.addEventListener("input", show);
  });

  const refresh = () => {
    const now = document.querySelector("#progress[data-refresh]");
    if (!now) return;
    setTimeout(async () => {
      try {
        const answer = await fetch(location.pathname, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.querySelector("#progress");
        if (!answer.ok || !next) return;
        if (!next.hasAttribute("data-refresh")) { location.assign(location.pathname); return; }
        now.querySelector("[aria-live]").replaceChildren(...next.querySelector("[aria-live]").childNodes);
      } catch { return; }
      refresh();
    }, 3000);
  };
  refresh();

  const errors = document.querySelector("#kesalahan");
  if (errors) errors.focus();
})();

document.querySelectorAll("[data-print]").forEach((b) => b.addEventListener("click", () => print()));
