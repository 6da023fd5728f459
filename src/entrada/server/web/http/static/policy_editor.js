// The policy editor's comforts: line numbers, marks on lines with faults, completion at the caret, snippets put in.
// The page works without it; nothing here takes the Tab key.
"use strict";
(() => {
  const editor = document.getElementById("editor");
  const area = document.getElementById("policy");
  if (!editor || !area || area.readOnly) return;
  const gutter = editor.querySelector(".policy-gutter");
  const list = document.getElementById("completions");
  const told = document.getElementById("completing");
  const findings = document.getElementById("findings");
  const form = area.form;
  const ASKS = /(?:[<\w."'{/-]|<[^>]* )$/; // a blank only within a tag
  let offers = [];
  let active = -1;
  let asking = null;
  let timer = 0;
  let quiet = false; // while we write ourselves

  // ---- line numbers and marks

  function number() {
    const count = area.value.split("\n").length;
    while (gutter.childElementCount < count) {
      gutter.append(Object.assign(document.createElement("div"), { textContent: gutter.childElementCount + 1 }));
    }
    while (gutter.childElementCount > count) gutter.lastElementChild.remove();
    gutter.scrollTop = area.scrollTop;
  }

  function mark() {
    for (const line of gutter.children) line.className = "";
    const found = [...findings.querySelectorAll("[data-line]")].reverse();
    for (const one of found) {
      const line = gutter.children[one.dataset.line - 1];
      if (line) line.className = `line-${one.dataset.severity}`;
    }
    const old = document.querySelector(".policy-source");
    if (old) old.remove(); // its lines are those of the last save
  }

  function goTo(line, column) {
    const lines = area.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const inLine = [...(lines[line - 1] || "")].slice(0, column - 1).join("").length;
    area.focus();
    area.setSelectionRange(before + inLine, before + inLine);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max((line - 4) * height, 0);
  }

  // ---- where the caret is

  function place() {
    const before = area.value.slice(0, area.selectionStart);
    const start = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, column: [...before.slice(start)].length + 1, text: before.slice(start) };
  }

  function width(text) {
    const style = getComputedStyle(area);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = `${style.fontSize} ${style.fontFamily}`;
    return canvas.measureText(text.replaceAll("\t", "    ")).width;
  }

  function put() {
    const at = place();
    const style = getComputedStyle(area);
    const height = parseFloat(style.lineHeight);
    const top = area.offsetTop + parseFloat(style.paddingTop) + at.line * height - area.scrollTop + 4;
    const left = area.offsetLeft + parseFloat(style.paddingLeft) + width(at.text) - area.scrollLeft;
    list.style.top = `${Math.min(Math.max(top, 0), editor.offsetHeight)}px`;
    list.style.left = `${Math.max(Math.min(left, editor.offsetWidth - list.offsetWidth), 0)}px`;
  }

  // ---- the list

  function close() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    offers = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    active = number;
    [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === number)));
    if (number < 0) return;
    const one = list.children[number];
    one.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", one.id);
  }

  function show(found, first) {
    offers = found;
    if (!offers.length) {
      close();
      if (first) told.textContent = "Nothing to complete here.";
      return;
    }
    list.replaceChildren(...offers.map((one, at) => {
      const item = Object.assign(document.createElement("li"), { id: `completion-${at}` });
      item.setAttribute("role", "option");
      const label = Object.assign(document.createElement("code"), { textContent: one.label });
      const what = Object.assign(document.createElement("span"), { textContent: one.what });
      item.append(label, what);
      return item;
    }));
    list.hidden = false;
    put();
    choose(first ? 0 : -1);
    told.textContent = `${offers.length} ${offers.length === 1 ? "completion" : "completions"}: ${offers[0].label}`;
  }

  async function ask(first) {
    clearTimeout(timer);
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    const at = place();
    const body = new URLSearchParams(new FormData(form));
    body.set("line", at.line);
    body.set("column", at.column);
    try {
      const answer = await fetch(editor.dataset.complete, { method: "POST", body, signal: mine.signal });
      const found = answer.ok ? await answer.json() : [];
      if (asking === mine) show(found, first);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function write(text, from, to, caret) {
    quiet = true;
    area.focus();
    area.setSelectionRange(from, to);
    // It keeps what can be undone, which setRangeText does not.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(from + caret, from + caret);
    quiet = false;
    number();
  }

  function units(text, count, backwards) {
    const characters = [...text];
    return (backwards ? characters.slice(characters.length - count) : characters.slice(0, count)).join("").length;
  }

  function take(one) {
    const at = area.selectionStart;
    const from = at - (one.before ? units(area.value.slice(0, at), one.before, true) : 0);
    const to = at + (one.after ? units(area.value.slice(at), one.after, false) : 0);
    close();
    write(one.insert, from, to, [...one.insert].slice(0, one.caret).join("").length);
    told.textContent = `${one.label} is written.`;
  }

  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "Space") {
      event.preventDefault();
      if (list.hidden) ask(true);
      else if (active < 0) choose(0);
      return;
    }
    if (list.hidden || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(active < 0 && step < 0 ? offers.length - 1 : (active + step + offers.length) % offers.length);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(offers[active]);
    } else if (event.key === "Tab" || event.key === "Enter" || event.key.startsWith("Arrow")) {
      close();
    }
  });

  area.addEventListener("input", (event) => {
    number();
    if (quiet) return;
    clearTimeout(timer);
    if (asking) asking.abort(); // its answer is about what stood there before, and would close what comes
    asking = null;
    const typed = event.inputType === "insertText" || event.inputType === "deleteContentBackward";
    if (typed && ASKS.test(area.value.slice(0, area.selectionStart)) && (event.data || !list.hidden)) {
      timer = setTimeout(ask, 150, false);
    } else {
      close();
    }
  });

  list.addEventListener("wheel", (event) => {
    event.preventDefault();
    list.scrollTop += event.deltaY;
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) take(offers[[...list.children].indexOf(item)]);
  });
  area.addEventListener("scroll", () => {
    gutter.scrollTop = area.scrollTop;
    if (!list.hidden) put();
  });
  addEventListener("resize", () => {
    if (!list.hidden) put();
  });
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === findings) mark();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    const button = event.target.closest("button[data-insert]");
    if (link) {
      event.preventDefault();
      goTo(Number(link.dataset.line), Number(link.dataset.column));
    } else if (button) {
      const at = place();
      const indent = /^[ \t]*/.exec(at.text)[0];
      const text = button.closest("details").querySelector("[data-copy]").textContent.replaceAll("\n", `\n${indent}`);
      write(text, area.selectionStart, area.selectionEnd, text.length);
    }
  });

  for (const button of document.querySelectorAll("button[data-insert]")) button.hidden = false;
  document.getElementById("policy-keys").hidden = false;
  gutter.hidden = false;
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", "completions");
  number();
  mark();
})();
