// The pieces of the explorer's page: what is there from the start, and what is made for each head, token and guess.

const STYLES = [[], [7, 4], [2, 3]]; // dashes: a second and a third round of the same colours
const LONG = 40; // tokens; a longer text scrolls, and its fainter lines are left out
const COLOURS = 6; // --ax-0 to --ax-5 in the style sheet

const PAGE = `
  <div class="ax-texts"><button type="button" class="ax-button" data-read>Read</button></div>
  <p class="ax-problem" role="alert" hidden></p>
  <div class="ax-controls">
    <label class="ax-layer"><span>Layer</span><input type="range" min="1" step="1"><output></output></label>
    <div class="ax-views" role="group" aria-label="How attention is drawn">
      <button type="button" class="ax-button" data-view="lines">Lines</button>
      <button type="button" class="ax-button" data-view="shading">Shading</button>
    </div>
  </div>
  <div class="ax-controls" role="group" aria-label="Heads">
    <span>Heads</span><span class="ax-heads"></span>
    <button type="button" class="ax-button" data-all>All</button>
    <button type="button" class="ax-button" data-none>None</button>
    <label><input type="checkbox" class="ax-several"> choose several</label>
  </div>
  <div class="ax-body">
    <div class="ax-picture">
      <div class="ax-names" aria-hidden="true"><span>looks</span><span></span><span>is looked at</span></div>
      <div class="ax-scroll"><div class="ax-stage">
        <div class="ax-column" data-side="left" role="group" aria-label="Tokens that look"></div>
        <div class="ax-middle"><canvas aria-hidden="true"></canvas></div>
        <div class="ax-column" data-side="right" role="group" aria-label="Tokens that are looked at"></div>
      </div></div>
      <p class="ax-status" role="status"></p>
    </div>
    <section class="ax-panel" aria-label="Prediction" aria-live="polite"></section>
  </div>`;

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "style") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const upTo = (count) => Array.from({ length: count }, (_, k) => k + 1); // 1, 2, ...
const percent = (share) => (share > 0 && share < 0.01 ? "<1 %" : `${Math.round(100 * share)} %`);
const signed = (change) => `${change < 0 ? "−" : "+"}${Math.abs(100 * change).toFixed(1)}`;
const points = (change) => (Math.abs(change) < 0.0005 ? "0" : signed(change));

function headButton(head) {
  const style = `--ax-ink: var(--ax-${(head - 1) % COLOURS})`;
  const round = Math.floor((head - 1) / COLOURS) % STYLES.length;
  const title = "Click: this head alone, and back. With Ctrl or Shift: several.";
  const names = { className: `ax-head ax-style-${round}`, "data-head": head, "aria-label": `Head ${head}` };
  return element("button", { type: "button", style, title, ...names }, `${head}`);
}

function tokenButton(side, index) {
  const parts = ["word", "stripes", "percent"].map((name) => element("span", { className: `ax-${name}` }));
  const place = { "data-side": side, "data-index": index, tabIndex: index ? -1 : 0 };
  return element("button", { type: "button", className: "ax-token", ...place }, ...parts);
}

function panelOf(scene) {
  const note = (text) => element("p", { className: "ax-note" }, text);
  const notes = scene.note ? [note(scene.note)] : [];
  const hint = "Double-click a word to hide it from the model (keyboard: Enter or M).";
  if (scene.hidden_word < 0) return scene.can_hide ? [note(hint), ...notes] : notes;
  const title = element("h4", {}, "Hidden: ", element("b", {}, scene.spelled[scene.hidden_word]));
  const pieces = scene.prediction.length;
  const lists = scene.prediction.flatMap((place, k) => [
    ...(pieces > 1 ? [note(`Piece ${k + 1} of ${pieces}: ${place.own.word}`)] : []),
    element("ol", { className: "ax-guesses" }, ...guessRows(place)),
  ]);
  const buttons = [["change", "Show the change"], ["show", "Show the word again"]].map(([name, text]) =>
    element("button", { type: "button", className: "ax-button", [`data-${name}`]: "" }, text));
  const samples = ["more", "less"].map((name) => element("span", { className: `ax-${name}` }, name));
  return [title, ...lists, ...notes, ...buttons, element("p", { className: "ax-legend" }, ...samples, " than before")];
}

function guessRows({ best, own }) {
  const rows = best.some(({ word }) => word === own.word) ? best : [...best, own];
  return rows.map(({ word, probability, rank }) => {
    const kinds = [word === own.word ? "ax-right" : "", rank > best.length ? "ax-later" : ""];
    const share = probability >= 0.0005 ? `${(100 * probability).toFixed(1)} %` : "<0.1 %";
    const parts = [["rank", `${rank}`], ["word", word], ["share", share]].map(([name, text]) =>
      element("span", { className: `ax-${name}` }, text));
    const bar = element("span", { className: "ax-bar", style: `--ax-share: ${100 * probability}%` });
    return element("li", { className: ["ax-guess", ...kinds].join(" ") }, ...parts, bar);
  });
}

// What the picture shows, as a sentence below it.
function inWords({ layer, heads, change, focus, lines, tokens, scale }) {
  if (!heads.length) return "No head is chosen: choose one above.";
  const many = lines && !focus && !change ? `${heads.length} heads` : `mean of ${heads.length} heads`;
  const which = heads.length === 1 ? `head ${heads[0]}` : many;
  const parts = [`Layer ${layer}, ${which}.`];
  if (focus?.side === "left") parts.push(`What “${tokens[focus.index]}” looks at.`);
  if (focus?.side === "right") parts.push(`Who looks at “${tokens[focus.index]}”, and how much.`);
  if (!focus && !lines) parts.push("What all tokens together look at.");
  if (change) parts.push(`In percentage points; the strongest colour is ${(100 * scale).toFixed(1)}.`);
  const least = change ? "5 % of that" : "5 %";
  if (!focus && lines && tokens.length > LONG) {
    parts.push(`${tokens.length} tokens: lines below ${least} are left out.`);
  }
  return parts.join(" ");
}
