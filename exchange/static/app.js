/* What makes typing faster. Every page works without it; it says nothing of its own, its words come with the page. */
(() => {
  "use strict";
  const page = document.body, all = (what, from = document) => [...from.querySelectorAll(what)], one = (what, from = document) => from.querySelector(what);
  const later = (act, wait) => { let timer; return (...given) => { clearTimeout(timer); timer = setTimeout(act, wait, ...given); }; };
  const memory = (name, value) => { try { if (value !== undefined) localStorage[name] = value; return localStorage[name]; } catch { return ""; } };
  const seen = () => memory("seen", Date.now());
  const pairs = (form) => { const said = new FormData(form); ["once", "do", ...all("[type=file]", form).map((it) => it.name)].forEach((name) => said.delete(name)); return said; };
  const typed = (form) => String(new URLSearchParams(pairs(form)));

  /* A question about a form goes to where the form goes: the same door, the same token, nothing in an address. */
  async function ask(form, what, keep) {
    const said = pairs(form);
    said.set("do", what);
    if (keep && form.elements.once) said.set("once", form.elements.once.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(said), headers: { Accept: "application/json" }, keepalive: !!keep });
      if (answer.ok) seen();
      return answer.ok || (keep && answer.status === 422) ? await answer.json() : null;
    } catch { return null; }
  }

  /* Buttons: pressed once. */
  const wake = () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; all("[aria-disabled]", form).forEach((it) => it.removeAttribute("aria-disabled")); });
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => all("button", form).forEach((it) => it.setAttribute("aria-disabled", "true")));
    setTimeout(wake, 8000);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) wake(); });

  /* Drafts: every 10 seconds while something changes, and when the page is left. */
  all("form[data-draft]").forEach((form) => {
    const state = one("[data-said]", form);
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    const save = async () => {
      if (!changed || form.dataset.sent) return;
      changed = false;
      const kept = await ask(form, "draft", true);
      if (kept && state) state.textContent = kept.said; else if (!kept) changed = true;
    };
    setInterval(save, 10000);
    addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    addEventListener("pagehide", save);
  });

  /* The number, the names: what they suggest, how they read in Latin letters, and who is there already. */
  all("form[data-hints]").forEach((form) => {
    const field = (name) => form.elements[name], mark = (it, words) => {
      const place = it.closest(".fld"), old = one(".by-iin", place);
      if (old) old.remove();
      if (!words) return;
      const told = document.createElement("div");
      told.className = "hint by-iin"; told.id = it.id + "-s"; told.textContent = words;
      one("label", place).after(told);
    };
    let last = "", guessed = {};
    const look = async () => {
      const now = typed(form);
      if (now === last) return;
      last = now;
      const told = await ask(form, "hints");
      if (!told || now !== last) return;
      const aside = one(".aside[data-live]");
      if (aside) aside.innerHTML = told.aside;
      for (const [name, value] of Object.entries(told.fill)) {
        const it = field(name);
        if (it && (!it.value || it.value === guessed[name]) && it.value !== value) { it.value = guessed[name] = value; mark(it, value && told.said); }
      }
      for (const [name, value] of Object.entries(told.latin)) if (field(name)) field(name).placeholder = value;
    };
    const soon = later(look, 400);
    form.addEventListener("input", (event) => {
      const it = event.target;
      if (guessed[it.name] && it.value !== guessed[it.name]) { mark(it, ""); delete guessed[it.name]; }
      if (it.name === "iin" && it.value.replace(/\D/g, "").length === 12) look(); else if (form.dataset.hints.split(" ").includes(it.name)) soon();
    });
  });

  /* What an order will change, while it is typed. */
  all("[data-foresee]").forEach((place) => {
    const form = place.closest("form"), send = all("button[name=do][value=check]", form).pop(), words = send.textContent;
    /* who has read what follows needs no second page; whoever types on is asked again */
    const turn = (clear) => { send.value = clear ? "record" : "check"; send.textContent = clear ? place.dataset.record : words; };
    form.addEventListener("input", () => turn(false));
    const look = async () => {
      const asked = typed(form), told = await ask(form, "foresee");
      /* an answer about what stood there before clears nothing */
      if (!told || asked !== typed(form)) return;
      turn(told.clear);
      one("ul", place).replaceChildren(...told.lines.map((line) => { const it = document.createElement("li"); it.textContent = line; return it; }));
      one(".note", place).hidden = !told.lines.length;
    };
    form.addEventListener("input", later(look, 500));
    look();
  });

  /* A long list: type a code or words, choose with the arrows. The level follows the code. */
  all(".lookup[data-from]").forEach((box, number) => {
    const input = one("input[type=text]", box), form = input.form, name = input.name.replace(/_query$/, ""), list = document.createElement("ul");
    let found = [], at = -1, asked = "";
    list.id = "found-" + number; list.className = "options"; list.hidden = true;
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", one("label", box).textContent);
    one(".line", box).append(list);
    one("button", box).hidden = true;
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(key, value);
    const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const point = (to) => {
      at = to;
      all("li", list).forEach((it, place) => { it.setAttribute("aria-selected", String(place === at)); if (place === at) { input.setAttribute("aria-activedescendant", it.id); it.scrollIntoView({ block: "nearest" }); } });
    };
    const code = (value) => { all(`[name="${name}"]`, box).forEach((it) => (it.closest("label,fieldset.found") || it).remove()); const it = document.createElement("input"); it.type = "hidden"; it.name = name; it.value = value; box.append(it); };
    const pick = (it) => {
      if (!it) return;
      input.value = asked = it.label; code(it.code); close();
      const level = form.elements.level;
      if (level && it.level) level.value = it.level;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const look = async () => {
      const words = input.value.trim();
      if (words === asked) return;
      asked = words; code("");
      if (words.length < 2) { found = []; close(); return; }
      const answer = await fetch(box.dataset.from + "?q=" + encodeURIComponent(words), { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer || !answer.ok || input.value.trim() !== words) return;
      found = await answer.json();
      if (document.activeElement !== input) { exact(); return; }
      list.replaceChildren(...found.map((it, place) => { const row = document.createElement("li"); row.id = list.id + "-" + place; row.textContent = it.label; row.setAttribute("role", "option"); row.addEventListener("mousedown", (event) => { event.preventDefault(); pick(it); }); return row; }));
      list.hidden = !found.length; input.setAttribute("aria-expanded", String(!!found.length)); point(found.length ? 0 : -1);
    };
    const exact = () => pick(found.find((it) => it.code === input.value.trim()));
    const taken = one(".chosen input", box), words = taken && one(".chosen span", box).textContent;
    if (taken) { input.value = asked = words; code(taken.value); }
    input.addEventListener("input", later(look, 120));
    input.addEventListener("blur", () => { if (found.length && input.value.trim() === asked) exact(); close(); look(); });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && found.length) { event.preventDefault(); list.hidden = false; input.setAttribute("aria-expanded", "true"); point((at + step + found.length) % found.length); }
      else if (event.key === "Enter" && !event.ctrlKey && !list.hidden) { event.preventDefault(); pick(found[at]); }
      else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
    });
  });

  /* Keys, by their place: they work in every layout. Single ones only outside fields, and they can be switched off. */
  const map = one("#keys"), off = map && one("input", map), help = one("[data-keys]");
  if (map) {
    const show = () => map.open || map.showModal();
    help.hidden = false; help.addEventListener("click", show);
    off.checked = memory("keys") !== "off";
    off.addEventListener("change", () => memory("keys", off.checked ? "on" : "off"));
    addEventListener("keydown", (event) => {
      const it = event.target, typing = it.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(it.tagName);
      if (event.ctrlKey && event.key === "Enter") {
        const form = it.form || one("main form[data-draft]"), button = form && (event.shiftKey ? one('[value="more"]', form) : one(".buttons .btn", form));
        if (button) { event.preventDefault(); button.click(); }
        return;
      }
      if (event.key === "Escape") all("details[open].acct, details[open].mnav, details[open].more").forEach((open) => { open.open = false; one("summary", open).focus(); });
      if (typing || one("dialog[open]") || event.ctrlKey || event.altKey || event.metaKey || !off.checked) return;
      const go = (link) => { if (link) { event.preventDefault(); link.click(); } };
      if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) { event.preventDefault(); show(); }
      else if (event.code === "Slash" || event.key === "/") { const box = one("#gs"); if (box) { event.preventDefault(); box.focus(); } }
      else if (event.code === "KeyN" && page.dataset.new) { event.preventDefault(); location.assign(page.dataset.new); }
      else if (event.code === "KeyE") go(one('main a[href$="/edit"]'));
      else if (event.code === "BracketLeft") go(one("main a[rel=prev]"));
      else if (event.code === "BracketRight") go(one("main a[rel=next]"));
    });
  }

  /* Two minutes before the session ends. */
  const idle = 60 * page.dataset.idle, warning = one("#idle");
  if (idle && warning) {
    seen();
    warning.addEventListener("close", () => fetch(page.dataset.alive, { headers: { Accept: "application/json" } }).then((answer) => answer.ok && seen()).catch(() => 0));
    setInterval(() => {
      const left = idle - (Date.now() - Number(memory("seen"))) / 1000;
      if (left < 120 && left > 0 && !warning.open) warning.showModal();
    }, 5000);
  }
})();
