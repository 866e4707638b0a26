// What is told below the mouse.
const digitsOf = (step) => (step > 0 ? Math.min(Math.max(Math.ceil(-Math.log10(step)), 0), 12) : 3);
const minus = (text) => text.replace(/-/g, "\u2212");
function value(v) {
  const size = Math.abs(v);
  if (v === 0) return "0";
  if (size < 1e-4 || size >= 1e5) return minus(v.toExponential(2));
  return minus(String(Number(v.toPrecision(3))));
}
const percent = (p) => (p >= 0.0995 || p === 0 ? (100 * p).toFixed(0) : String(Number((100 * p).toPrecision(2)))) + " %";
function extremes(low, high, unit) {
  const same = value(low) === value(high);
  if (same || high - low <= SAME * Math.max(Math.abs(low), Math.abs(high))) return `${value((low + high) / 2)} ${unit}`;
  return `${value(low)} to ${value(high)} ${unit}`;
}
const nearest = (times, x, a, b) => {
  const i = Math.min(Math.max(first(times, x), a), b - 1);
  return i > a && x - times[i - 1] < times[i] - x ? i - 1 : i;
};

// Between two points a border is straight, as it is drawn.
function between(times, x, row) {
  const j = Math.min(Math.max(first(times, x), 1), times.length - 1), i = j - 1;
  const t = Math.min(Math.max((x - times[i]) / (times[j] - times[i]), 0), 1);
  return t === 0 ? part(row, i) : t === 1 ? part(row, j) : (1 - t) * part(row, i) + t * part(row, j);
}

// The extremes of the column at a place; of samples what lies between two of them.
function there(seen, name, k, x) {
  const [low, high] = ends(seen, name, k), times = seen.level.times;
  if (low === high) return [between(times, x, low), between(times, x, low)];
  const i = nearest(times, x, seen.a, seen.b);
  return [low[i], high[i]];
}

function inStack(panel, x, y) {
  const one = panel.seen.level, direction = y >= 0 ? "outward" : "inward", sign = y >= 0 ? 1 : -1;
  const rows = one.rows[`${panel.rows}.${direction}`];
  let top = 0;
  for (const [k, name, , bundle] of panel.areas[direction]) {
    const here = between(one.times, x, rows[k]);
    if (Number.isNaN(here)) return NOTHING;
    top += here;
    if (!(here > 0 && Math.abs(y) <= top * (1 + 1e-4))) continue;
    if (panel.unit !== "%") return `${name} ${direction} ${value(here)} ${panel.unit}`;
    const told = `${name} ${direction} ${percent(here)}`;
    if (bundle) return told;
    const flow = there(panel.seen, "currents", k, x).map((v) => Math.max(sign * v, 0)).sort((p, q) => p - q);
    return `${told}, ${extremes(flow[0], flow[1], panel.flow_unit)}`;
  }
  return top > 0 ? "no current here" : `no ${direction} current`;
}

function ofLines(panel, x, y, plot) {
  const one = panel.seen.level;
  const log = panel.log ? (v) => Math.log(Math.max(v, panel.floor)) : (v) => v;
  let best = null;
  for (const [k, name, , band] of panel.lines) {
    const [low, high] = there(panel.seen, panel.part, k, x);
    if (Number.isNaN(low)) continue;
    const far = Math.max(log(low) - log(y), log(y) - log(high), 0);
    if (!best || far < best.far || (far === best.far && high - low < best.high - best.low))
      best = { k, name, low, high, far, band };
  }
  if (!best) return NOTHING;
  const words = [best.name, "", extremes(best.low, best.high, panel.unit)];
  if (panel.shares && !(best.low < 0 && best.high > 0)) {
    const direction = best.low + best.high < 0 ? "inward" : "outward";
    const sizes = [Math.abs(best.low), Math.abs(best.high)].sort((p, q) => p - q);
    const share = between(one.times, x, one.rows[`shares.${direction}`][best.k]);
    words[1] = direction;
    words[2] = extremes(sizes[0], sizes[1], panel.unit) + (Number.isNaN(share) ? "" : `, ${percent(share)}`);
  }
  if (best.band) {
    const [spread] = there(panel.seen, `${panel.part}.sd`, best.k, x);
    if (!Number.isNaN(spread)) words[2] = `${value(best.low)} \u00b1 ${value(spread)} ${panel.unit}`;
  }
  return words.filter((word) => word).join(" ");
}

function inRings(panel, x, y) {
  for (const [centre, start, stop, name, direction, share, charge] of panel.pieces) {
    const far = Math.hypot(x - centre, y), turn = 2 * Math.PI;
    if (far < panel.inner || far > panel.outer) continue;
    const after = (((Math.atan2(y, x - centre) - start) % turn) + turn) % turn;
    if (after <= stop - start) return `${name} ${direction} ${percent(share)}, ${charge}`;
  }
  return "";
}

function words(panel, x, y) {
  if (panel.kind === "rings") return inRings(panel, x, y);
  const times = panel.seen.level.times, n = times.length;
  const step = (times[n - 1] - times[0]) / Math.max(n - 1, 1);
  const where = `${minus(String(Number(x.toFixed(digitsOf(Math.abs(range.end - range.start) / 1000)))))} ${spec.unit}`.trim();
  if (x < times[0] - step || x > times[n - 1] + step) return `${where}, ${NOTHING}`;
  return `${where}, ${(panel.kind === "stack" ? inStack : ofLines)(panel, x, y)}`;
}

const mouse = { x: 0, y: 0, touch: false };
function point(panel, event) {
  const told = words(panel, event.x, event.y), tip = $("tip");
  tip.hidden = !told;
  tip.textContent = told;
  const left = Math.min(mouse.x + 14, window.innerWidth - tip.offsetWidth - 6);
  tip.style.left = `${Math.max(left, 2)}px`;
  tip.style.top = `${mouse.y > 60 ? mouse.y - 36 : mouse.y + 18}px`;
}
