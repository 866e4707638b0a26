// The page of the server: what is chosen there is drawn here, and told below the mouse.
const KINDS = { 2: Uint16Array, 4: Float32Array, 8: Float64Array };
const own = (array) => new KINDS[array.BYTES_PER_ELEMENT](array.buffer, array.byteOffset, array.length);
const MARGIN = 0.05, FLAT = 1e-6;
let area, status;

// What a window shows fills its axes; those of the whole are the figure's. The rest the server says.
function say(start, stop) {
  const part = start > whole[0] || stop < whole[1];
  for (const panel of spec.panels) {
    if (panel.kind !== "lines" || panel.fill) continue;
    const axis = model(panel.plot).y_range, { times } = panel.seen.level;
    panel.limits ??= [axis.start, axis.end];
    let low = Infinity, high = -Infinity;
    for (const [k] of part ? panel.lines : []) {
      const [lows, highs] = ends(panel.seen, panel.part, k);
      for (let i = panel.seen.a; i < panel.seen.b; i++) {
        if (times[i] < start || times[i] > stop) continue;
        if (lows[i] < low) low = lows[i];
        if (highs[i] > high) high = highs[i];
      }
    }
    const room = MARGIN * (high - low), flat = high - low <= FLAT * Math.max(Math.abs(low), Math.abs(high));
    const [bottom, top] = low < high && !flat ? [low - room, high + room] : panel.limits;
    axis.setv({ start: bottom, end: top });
  }
}

// A level as the server sends it: its description, its times, and its rows.
function received([told, times, ...sent]) {
  const { names, reduced, window } = JSON.parse(told), rows = {}, n = times.length;
  names.forEach((name, i) => {
    const all = own(sent[i]);
    rows[name] = Array.from({ length: n ? all.length / n : 0 }, (_, k) => all.subarray(k * n, (k + 1) * n));
  });
  return { times: own(times).map((time) => time * spec.per_ms), rows, reduced, window };
}

// Another choice: what was hidden, muted or brought out stays so where it is still there.
function take() {
  const [told, ...numbers] = area.tags, before = spec ? spec.names : [];
  spec = told ? JSON.parse(told) : { panels: [], names: [], swatches: [] };
  const now = (place) => spec.names.indexOf(before[place]);
  for (const held of ["hidden", "muted"])
    state[held] = new Set([...state[held]].map(now).filter((place) => place >= 0));
  state.out = state.out === null || now(state.out) < 0 ? null : now(state.out);
  $("tip").hidden = true;
  legend();
  if (!told) return;
  range = model(spec.range);
  whole = [range.reset_start, range.reset_end];
  sets = [[received(numbers)]];
  paint(isDark());
  show();
  listen();
}

// The window that is seen, reduced anew; where it is gone again by then, the whole is drawn in its place.
function closer() {
  if (!spec.panels.length || !status.tags.length) return;
  sets = [[sets[0][0], received(status.tags)]];
  show();
}

// A picture that was asked for is fetched as soon as it is drawn.
function fetched(link) {
  const [address, name] = link.tags, made = document.createElement("a");
  if (!address) return;
  made.href = address;
  made.download = name;
  document.body.append(made);
  made.click();
  made.remove();
}

function begin() {
  area = doc.get_model_by_name("area");
  status = doc.get_model_by_name("status");
  area.properties.tags.change.connect(take);
  status.properties.tags.change.connect(closer);
  const link = doc.get_model_by_name("link");
  link.properties.tags.change.connect(() => fetched(link));
  follow();
  take();
  themes();
  document.documentElement.dataset.ready = "yes";
}

function wait() {
  doc = window.Bokeh && Bokeh.documents[0];
  if (doc && doc.get_model_by_name("area")) begin(); else setTimeout(wait, 30);
}

wait();
