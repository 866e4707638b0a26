// The legend.
function renderers() {
  return spec.panels.flatMap((panel) => model(panel.plot).renderers);
}

function apply() {
  const all = !state.hidden.size && !state.muted.size && state.out === null;
  for (const one of renderers()) {
    if (one.tags.includes("ground")) one.visible = all;
    const place = one.tags.find((tag) => typeof tag === "number");
    if (place === undefined) continue;
    one.visible = !state.hidden.has(place);
    one.muted = state.muted.has(place) || (state.out !== null && state.out !== place);
  }
  spec.names.forEach((_, place) => {
    const item = $("legend").children[place];
    const faded = state.muted.has(place) || (state.out !== null && state.out !== place);
    item.classList.toggle("pale", faded || state.hidden.has(place));
    item.classList.toggle("out", state.out === place);
    const [name, mute, hide] = item.querySelectorAll("button");
    name.setAttribute("aria-pressed", state.out === place);
    mute.setAttribute("aria-pressed", state.muted.has(place));
    hide.setAttribute("aria-pressed", state.hidden.has(place));
  });
}

const flip = (held, place) => (held.has(place) ? held.delete(place) : held.add(place));

function button(text, label, press) {
  const made = document.createElement("button");
  made.type = "button";
  if (text) made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => { press(); apply(); });
  return made;
}

function swatch(made, [light, dark, hatch, ink]) {
  const pen = made.getContext("2d");
  made.width = made.height = 32;
  pen.fillStyle = isDark() ? dark : light;
  pen.fillRect(0, 0, 32, 32);
  if (hatch === " ") return;
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = 2;
  for (let at = -32; at <= 64; at += 10) {
    const line = (a, b, c, d) => { pen.beginPath(); pen.moveTo(a, b); pen.lineTo(c, d); pen.stroke(); };
    if ("/x,v*@".includes(hatch)) line(at, 32, at + 32, 0);
    if ("\\x`>*@".includes(hatch)) line(at, 0, at + 32, 32);
    if ("|+:*".includes(hatch)) line(at, 0, at, 32);
    if ("-+\"*".includes(hatch)) line(0, at, 32, at);
    if (".o".includes(hatch))
      for (let y = 5; y < 32; y += 10) {
        pen.beginPath();
        pen.arc(at, y, 2.5, 0, 7);
        if (hatch === ".") pen.fill(); else pen.stroke();
      }
  }
}

function swatches() {
  document.querySelectorAll("#legend canvas").forEach((made, place) => swatch(made, spec.swatches[place]));
}

function legend() {
  $("legend").replaceChildren();
  spec.names.forEach((own, place) => {
    const item = document.createElement("li"), words = document.createElement("span");
    words.textContent = own;
    const name = button("", `bring out ${own}`, () => { state.out = state.out === place ? null : place; });
    name.className = "name";
    name.append(document.createElement("canvas"), words);
    const mute = button("mute", `mute ${own}`, () => flip(state.muted, place));
    const hide = button("hide", `hide ${own}`, () => flip(state.hidden, place));
    mute.className = hide.className = "small";
    item.append(name, mute, hide);
    $("legend").append(item);
  });
  swatches();
  $("help").hidden = !spec.names.length;
  apply();
}

// Light and dark.
function paint(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const ink = dark ? "#e8e8e8" : "#1a1a1a";
  swatches();
  for (const panel of spec.panels) {
    const plot = model(panel.plot);
    for (const axis of [...plot.left, ...plot.below])
      axis.setv({
        axis_label_text_color: ink, major_label_text_color: ink, axis_line_color: ink,
        major_tick_line_color: ink, minor_tick_line_color: ink,
      });
    for (const names of plot.above) if (names.type === "Legend") names.label_text_color = ink;
    for (const one of plot.renderers) {
      const on = one.tags.indexOf("on");
      const part = one.glyph.type === "Line" ? "line_color" : "fill_color";
      if (on >= 0)
        for (const glyph of [one.glyph, one.muted_glyph])
          if (glyph && glyph.setv) glyph.setv({ [part]: { value: one.tags[on + 1 + dark] } });
      if (one.tags.includes("ink"))
        one.glyph.setv(one.glyph.type === "Text" ? { text_color: { value: ink } } : { line_color: { value: ink } });
    }
  }
}

const isDark = () => document.documentElement.dataset.theme === "dark";

function themes() {
  const prefers = window.matchMedia("(prefers-color-scheme: dark)");
  paint(prefers.matches);
  prefers.addEventListener("change", (event) => paint(event.matches));
  $("theme").addEventListener("click", () => paint(!isDark()));
}

// What is pointed at, and the window of time.
function follow() {
  const at = (event) => { mouse.x = event.clientX; mouse.y = event.clientY; };
  document.addEventListener("mousemove", at, true);
  // What a finger pointed at stays until it points elsewhere.
  document.addEventListener("pointerdown", (event) => {
    at(event);
    mouse.touch = event.pointerType === "touch";
    if (mouse.touch) $("tip").hidden = true;
  }, true);
}

function listen() {
  for (const panel of spec.panels) {
    const plot = model(panel.plot);
    plot.on_event("mousemove", (event) => point(panel, event));
    plot.on_event("tap", (event) => point(panel, event));
    plot.on_event("mouseleave", () => { if (!mouse.touch) $("tip").hidden = true; });
    doc.event_manager.subscribed_models.add(plot);
  }
  // The wheel zooms, and a stretch that is drawn over is shown.
  for (const proxy of model(spec.toolbar).tools)
    if ((proxy.tools || []).some((tool) => /^(WheelZoom|BoxZoom)Tool$/.test(tool.type))) proxy.active = true;
  for (const end of [range.properties.start, range.properties.end]) end.change.connect(later);
}
