// Places for a graph's nodes: sources to the left, each thing right of all it was made of, few crossings (Sugiyama's method).

export const WIDTH = 190, HEIGHT = 46;
const ACROSS = 120, DOWN = 22, MARGIN = 14;

/** @returns `{ places, width, height }`; places by id are the upper left corners */
export function layered(ids, edges) {
  const above = new Map(ids.map(id => [id, []])), below = new Map(ids.map(id => [id, []]));
  for (const { source, target } of forward(ids, edges)) {
    above.get(target).push(source);
    below.get(source).push(target);
  }
  const depth = depths(ids, above);
  const layers = [];
  for (const id of ids) (layers[depth.get(id)] ??= []).push(id);
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  order(layers, above, below);
  const most = Math.max(1, ...layers.map(layer => layer.length));
  const height = 2 * MARGIN + most * (HEIGHT + DOWN) - DOWN;
  const places = new Map();
  layers.forEach((layer, i) => {
    const used = layer.length * (HEIGHT + DOWN) - DOWN;
    layer.forEach((id, j) => places.set(id, { x: MARGIN + i * (WIDTH + ACROSS), y: (height - used) / 2 + j * (HEIGHT + DOWN) }));
  });
  return { places, width: 2 * MARGIN + layers.length * (WIDTH + ACROSS) - ACROSS, height };
}

/** The edges without those that close a circle. */
function forward(ids, edges) {
  const out = new Map(ids.map(id => [id, []]));
  for (const edge of edges) out.get(edge.source)?.push(edge);
  const state = new Map(), kept = [];
  for (const root of ids) {
    if (state.has(root)) continue;
    const stack = [[root, 0]];
    state.set(root, 1);
    while (stack.length) {
      const top = stack.at(-1);
      const edge = out.get(top[0])[top[1]++];
      if (!edge) {
        state.set(top[0], 2);
        stack.pop();
      } else if (out.has(edge.target) && state.get(edge.target) !== 1) {
        kept.push(edge);
        if (!state.has(edge.target)) {
          state.set(edge.target, 1);
          stack.push([edge.target, 0]);
        }
      }
    }
  }
  return kept;
}

/** The longest way from any source; things without sources stand just before what was made of them. */
function depths(ids, above) {
  const depth = new Map(ids.map(id => [id, 0]));
  for (let round = 0, changed = true; changed && round <= ids.length; round++) {
    changed = false;
    for (const id of ids) {
      for (const before of above.get(id)) {
        if (depth.get(before) + 1 > depth.get(id)) { depth.set(id, depth.get(before) + 1); changed = true; }
      }
    }
  }
  const next = new Map();
  for (const id of ids) for (const before of above.get(id)) next.set(before, Math.min(next.get(before) ?? Infinity, depth.get(id)));
  for (const id of ids) if (!above.get(id).length && next.has(id)) depth.set(id, next.get(id) - 1);
  return depth;
}

/** Moves each node to the mean place of its neighbours, forth and back. */
function order(layers, above, below) {
  for (let sweep = 0; sweep < 8; sweep++) {
    const down = sweep % 2 === 0;
    const place = new Map();
    const sequence = down ? layers : [...layers].reverse();
    sequence.forEach((layer, i) => {
      if (i) {
        const neighbours = down ? above : below;
        const mean = id => {
          const known = neighbours.get(id).map(other => place.get(other)).filter(p => p !== undefined);
          return known.length ? known.reduce((a, b) => a + b, 0) / known.length : layer.indexOf(id) / Math.max(1, layer.length);
        };
        const means = new Map(layer.map(id => [id, mean(id)]));
        layer.sort((a, b) => means.get(a) - means.get(b));
      }
      layer.forEach((id, j) => place.set(id, (j + 0.5) / layer.length));
    });
  }
}
