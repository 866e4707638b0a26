// What the file holds.
async function unpacked(id) {
  const text = atob($(id).textContent.trim());
  $(id).textContent = "";
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The bytes of a number lie apart, those of one place together.
function array(block, where) {
  const kind = TYPES[where.type], size = kind.BYTES_PER_ELEMENT;
  const n = where.shape.reduce((a, b) => a * b, 1), bytes = new Uint8Array(n * size);
  for (let b = 0; b < size; b++)
    for (let i = 0, from = where.at + b * n; i < n; i++) bytes[i * size + b] = block[from + i];
  return new kind(bytes.buffer);
}

function level(block, told) {
  let times;
  if (told.times.step !== undefined) {
    times = new Float64Array(told.times.n);
    for (let i = 0; i < times.length; i++) times[i] = told.times.first + i * told.times.step;
  } else times = array(block, told.times);
  for (let i = 0; i < times.length; i++) times[i] *= spec.per_ms;
  const rows = {};
  for (const [name, where] of Object.entries(told.rows)) {
    const all = array(block, where), [channels, n] = where.shape;
    rows[name] = Array.from({ length: channels }, (_, k) => all.subarray(k * n, (k + 1) * n));
  }
  return { times, rows, reduced: told.reduced, what: told.what };
}

// A time that was typed, with a unit or without; nothing stands for an end.
const MS = { h: 3.6e6, min: 6e4, s: 1e3, ms: 1, us: 1e-3, "\u00b5s": 1e-3, "\u03bcs": 1e-3 };
function typed(id, end) {
  const text = $(id).value.trim().replace(",", ".").replace("\u2212", "-");
  if (!text) return end;
  const [, number, unit] = /^(.*?\d\.?)\s*([^\d\s.]*)$/.exec(text) || [];
  const factor = !unit || unit === spec.unit ? 1 : MS[unit] / MS[spec.unit];
  return Number(number) * factor;
}

// The window of time.
function controls() {
  $("title").textContent = spec.title;
  $("unit").textContent = spec.unit;
  $("window").addEventListener("submit", (event) => {
    event.preventDefault();
    const from = typed("from", whole[0]), to = typed("to", whole[1]);
    const a = Math.max(from, whole[0]), b = Math.min(to, whole[1]);
    if (a < b) range.setv({ start: a, end: b });
    else if (from > to) $("status").textContent = "The first time is after the second: swap the two.";
    else if (from === to) $("status").textContent = "The two times are the same: write a later second one.";
    else $("status").textContent = `Write two times between ${whole[0]} and ${whole[1]} ${spec.unit}.`;
  });
  $("whole").addEventListener("click", () => range.setv({ start: whole[0], end: whole[1] }));
  if (!spec.panels.some((panel) => panel.set !== null)) $("window").hidden = true;
}

function say(start, stop) {
  const one = spec.panels.find((panel) => panel.seen), digits = digitsOf((stop - start) / 1000);
  $("from").value = start.toFixed(digits);
  $("to").value = stop.toFixed(digits);
  if (!one) { $("status").textContent = ""; return; }
  const { times, reduced, what } = one.seen.level, n = one.seen.b - one.seen.a;
  const step = (times[times.length - 1] - times[0]) / Math.max(times.length - 1, 1);
  const columns = reduced ? `${n} columns of ${value(step)} ${spec.unit}, with their extremes` : `${n} samples`;
  $("status").textContent = what || columns;
}

async function start() {
  if (!("DecompressionStream" in window))
    throw new Error("this page needs a browser of 2023 or later (DecompressionStream).");
  const [script, text, block] = await Promise.all(["bokeh", "spec", "numbers"].map(unpacked));
  const decoder = new TextDecoder(), library = document.createElement("script");
  library.textContent = decoder.decode(script);
  document.head.append(library);
  spec = JSON.parse(decoder.decode(text));
  sets = spec.sets.map((set) => set.levels.map((told) => level(block, told)));
  await Bokeh.embed.embed_item(spec.item, "plots");
  doc = Bokeh.documents[Bokeh.documents.length - 1];
  range = model(spec.range);
  whole = [range.start, range.end];
  controls();
  legend();
  themes();
  show();
  follow();
  listen();
  document.documentElement.dataset.ready = "yes";
}

start().catch((error) => { $("status").textContent = `The figure cannot be drawn: ${error.message}`; });
