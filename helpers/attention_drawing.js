// The numbers behind the explorer's picture, and the lines on its canvas. attention_explorer.js follows in the same
// module: Python joins the two files.

// Every float16 in [0, 1] by its bits: not all browsers know the type.
const HALVES = Float32Array.from({ length: 0x3c01 }, (_, bits) =>
  bits < 1024 ? bits * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** ((bits >> 10) - 15));

function decode(view) {
  const bits = new Uint16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  const values = new Float32Array(bits.length);
  for (let k = 0; k < bits.length; k++) values[k] = HALVES[Math.min(bits[k], 0x3c00)];
  return values;
}

// The attention of a scene: weights, or their changes since before a word was hidden.
// Layers and heads count from 1.
class Attention {
  constructor(scene) {
    this.tokens = scene.tokens.length;
    this.heads = scene.heads;
    [this.first, this.last] = scene.held;
    this.now = decode(scene.attention);
    this.before = scene.before ? decode(scene.before) : null;
    this.kept = {};
  }

  holds(layer) {
    return this.first <= layer && layer < this.last;
  }

  // (tokens x tokens) of one head, row after row
  matrix(layer, head, change) {
    const size = this.tokens ** 2;
    const start = ((layer - this.first) * this.heads + head - 1) * size;
    const now = this.now.subarray(start, start + size);
    return change ? now.map((weight, k) => weight - this.before[start + k]) : now;
  }

  // (tokens x tokens), the mean over some heads; the last one is kept, because every movement of the mouse asks for it
  mean(layer, heads, change) {
    const key = `${layer} ${heads} ${change}`;
    if (this.kept.key !== key) {
      const sum = new Float32Array(this.tokens ** 2);
      for (const head of heads) this.matrix(layer, head, change).forEach((weight, k) => { sum[k] += weight; });
      this.kept = { key, values: sum.map((total) => total / heads.length) };
    }
    return this.kept.values;
  }
}

// (tokens): what the token in focus looks at, or who looks at it; without one, what all tokens look at on average.
function profile(matrix, tokens, focus) {
  const values = new Float32Array(tokens);
  if (focus?.side === "left") return matrix.slice(focus.index * tokens, (focus.index + 1) * tokens);
  for (let row = 0; row < tokens; row++) {
    for (let column = 0; column < tokens; column++) {
      if (!focus) values[column] += matrix[row * tokens + column] / tokens;
      else if (focus.index === column) values[row] = matrix[row * tokens + column];
    }
  }
  return values;
}

// Calls visit(row, column) for all pairs with the focus, or else for all of which one end is in sight.
function forPairs(tokens, focus, from, to, visit) {
  const all = focus ? tokens : 0;
  for (let other = 0; other < all; other++) {
    if (focus.side === "left") visit(focus.index, other);
    else visit(other, focus.index);
  }
  if (focus) return;
  for (let row = 0; row < tokens; row++) {
    const inside = from <= row && row < to;
    for (let column = inside ? 0 : from; column < (inside ? tokens : to); column++) visit(row, column);
  }
}

const STEPS = 16; // of opacity: lines of one colour and step are drawn by one stroke

// pen: {matrix, colours: [of more, of less], dashes: [of more, of less], shift in pixels, scale: weight drawn in full}
// stage: {tokens, row: height of one, top, width, height, focus, faintest}
// returns: for more and for less one path for each step
function pathsOf(pen, stage) {
  const { tokens, row, top, width, focus } = stage;
  const paths = [[], []];
  const from = Math.max(0, Math.floor(top / row));
  const to = Math.min(tokens, Math.ceil((top + stage.height) / row));
  const bend = width / 2;
  forPairs(tokens, focus, from, to, (i, j) => {
    const weight = pen.matrix[i * tokens + j];
    const strength = Math.min(1, Math.abs(weight) / pen.scale);
    if (strength < stage.faintest) return;
    const start = (i + 0.5) * row - top + pen.shift;
    const end = (j + 0.5) * row - top + pen.shift;
    const path = (paths[weight < 0 ? 1 : 0][Math.ceil(strength * STEPS)] ??= new Path2D());
    path.moveTo(0, start);
    path.bezierCurveTo(bend, start, bend, end, width, end);
  });
  return paths;
}

function drawLines(canvas, pens, stage) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(stage.width * density);
  canvas.height = Math.round(stage.height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  const drawn = pens.flatMap((pen) =>
    pathsOf(pen, stage).map((steps, sign) => [pen.colours[sign], pen.dashes[sign], steps]));
  for (let step = 1; step <= STEPS; step++) { // the strongest last, on top
    context.globalAlpha = (step / STEPS) ** 0.75;
    context.lineWidth = 0.6 + 3 * (step / STEPS);
    for (const [colour, dash, steps] of drawn.filter(([, , paths]) => paths[step])) {
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.stroke(steps[step]);
    }
  }
}

// Stripes side by side, with a gap between, as a CSS background: [[colour, opacity from 0 to 1], ...]
function stripes(parts) {
  const stops = parts.flatMap(([colour, opacity], k) => {
    const [from, to] = [k, k + 0.92].map((place) => `${(100 * place) / parts.length}%`);
    const shade = `color-mix(in srgb, ${colour} ${Math.round(100 * opacity)}%, transparent)`;
    return [`${shade} ${from} ${to}`, `transparent ${to} ${(100 * (k + 1)) / parts.length}%`];
  });
  return parts.length ? `linear-gradient(to right, ${stops.join(", ")})` : "none";
}
