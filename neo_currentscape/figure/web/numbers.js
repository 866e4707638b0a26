const GAP = 65535, WHOLE = 65534, ENOUGH = 1500, FLANK = 0.2, SAME = 5e-3, NOTHING = "nothing recorded here";
const TYPES = { f4: Float32Array, f8: Float64Array, u2: Uint16Array };
const $ = (id) => document.getElementById(id);
const state = { out: null, hidden: new Set(), muted: new Set() };
let spec, sets, doc, range, whole, waiting = false;

// Which of it is seen.
function first(times, at) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < at) low = middle + 1; else high = middle;
  }
  return low;
}

// The first level with enough columns in the window, one on either side of it included; of levels that
// hold one window only, those that hold this one.
function view(set, start, stop) {
  let found;
  for (const one of sets[set]) {
    if (one.window && !(one.window[0] <= start && stop <= one.window[1])) continue;
    const a = Math.max(first(one.times, start) - 1, 0);
    const b = Math.min(first(one.times, stop) + 1, one.times.length);
    found = { level: one, a, b };
    if (b - a >= ENOUGH) break;
  }
  return found;
}

const part = (row, i) => (row instanceof Uint16Array ? (row[i] === GAP ? NaN : row[i] / WHOLE) : row[i]);
const model = (id) => doc.get_model_by_id(id);

function runs(seen, held) {
  const found = [];
  for (let i = seen.a; i < seen.b; i++) {
    if (!held(i)) continue;
    const from = i;
    while (i + 1 < seen.b && held(i + 1)) i++;
    found.push([from, i + 1]);
  }
  return found;
}

function outline(times, [a, b], low, high) {
  const n = b - a, x = new Float64Array(2 * n), y = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    x[i] = x[2 * n - 1 - i] = times[a + i];
    y[i] = high(a + i);
    y[2 * n - 1 - i] = low(a + i);
  }
  return [Array.from(x), Array.from(y)];
}

function drawStack(panel, seen) {
  const times = seen.level.times;
  for (const [direction, sign] of [["outward", 1], ["inward", -1]]) {
    const rows = seen.level.rows[`${panel.rows}.${direction}`];
    const base = new Float64Array(times.length), ground = new Float64Array(times.length);
    const pieces = runs(seen, (i) => !Number.isNaN(part(rows[0], i)));
    for (const [k, , source] of panel.areas[direction]) {
      const row = rows[k], xs = [], ys = [];
      for (const piece of pieces) {
        let seenAtAll = false;
        for (let i = piece[0]; i < piece[1] && !seenAtAll; i++) seenAtAll = row[i] > 0;
        if (!seenAtAll) continue;
        const [x, y] = outline(times, piece, (i) => sign * base[i], (i) => sign * (base[i] + part(row, i)));
        xs.push(x);
        ys.push(y);
        for (let i = piece[0]; i < piece[1]; i++) {
          const thick = part(row, i);
          if (thick > 0) ground[i] = base[i] + thick / 2;
          base[i] += thick;
        }
      }
      model(source).data = { xs, ys };
    }
    // Where two smoothed edges meet, this shines through, and not the paper.
    const below = pieces.map((piece) => outline(times, piece, () => 0, (i) => sign * ground[i]));
    model(panel.grounds[direction]).data = { xs: below.map((one) => one[0]), ys: below.map((one) => one[1]) };
  }
}

const ends = (seen, name, k) => {
  const low = seen.level.rows[`${name}.low`][k], high = seen.level.rows[`${name}.high`];
  return [low, high ? high[k] : low];
};

// As the figure draws it: on a flank from its one side to the other, else up and down in turn.
function trace(seen, low, high) {
  const times = seen.level.times, x = [], y = [], n = low.length;
  let step = Infinity;
  for (let i = seen.a + 1; i < seen.b; i++) step = Math.min(step, times[i] - times[i - 1]);
  for (let i = seen.a; i < seen.b; i++) {
    if (low === high) {
      x.push(times[i]);
      y.push(low[i]);
      continue;
    }
    const before = Math.max(i - 1, 0), after = Math.min(i + 1, n - 1);
    const slope = (low[after] + high[after] - low[before] - high[before]) / Math.max(after - before, 1);
    const flank = Math.abs(slope) > FLANK * (high[i] - low[i]);
    const rises = flank ? slope > 0 : i % 2 === 0, half = flank && step < Infinity ? step / 2 : 0;
    x.push(times[i] - half, times[i] + half);
    y.push(rises ? low[i] : high[i], rises ? high[i] : low[i]);
  }
  return { x, y };
}

// An area between two borders, in pieces where there are gaps.
function drawArea(source, seen, values, low, high) {
  const xs = [], ys = [];
  for (const piece of runs(seen, (i) => !Number.isNaN(values[i]))) {
    const [x, y] = outline(seen.level.times, piece, low, high);
    xs.push(x);
    ys.push(y);
  }
  model(source).data = { xs, ys };
}

function drawLines(panel, seen) {
  const raised = (v) => (panel.log ? Math.max(v, panel.floor) : v);
  for (const [k, , source, band] of panel.lines) {
    const [low, high] = ends(seen, panel.part, k), { x, y } = trace(seen, low, high);
    model(source).data = { x, y: y.map(raised) };
    if (!band) continue;
    const [spread] = ends(seen, `${panel.part}.sd`, k);
    drawArea(band, seen, spread, (i) => low[i] - spread[i], (i) => low[i] + spread[i]);
  }
  if (!panel.fill) return;
  const [, high] = ends(seen, panel.part, 0);
  drawArea(panel.fill, seen, high, () => panel.floor, (i) => raised(high[i]));
}

function show() {
  waiting = false;
  const start = Math.min(range.start, range.end), stop = Math.max(range.start, range.end);
  for (const panel of spec.panels) {
    if (panel.set === null) continue;
    panel.seen = view(panel.set, start, stop);
    (panel.kind === "stack" ? drawStack : drawLines)(panel, panel.seen);
  }
  say(start, stop);
}

function later() {
  if (!waiting) requestAnimationFrame(show);
  waiting = true;
}
