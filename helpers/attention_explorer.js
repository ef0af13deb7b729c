// The explorer in the page: texts and controls above, two columns of tokens with lines between, the prediction beside.
// What Python knows lives in the model; what only this view knows (the token in focus) lives here.

const FRAME = 560; // pixels that a long text scrolls in

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", { className: "ax", innerHTML: PAGE });
    this.root.dataset.lmSuppressShortcuts = "true"; // or JupyterLab would take M and the arrows for its own
    el.replaceChildren(this.root);
    this.hovered = this.focused = null;
    this.back = []; // the heads to return to from a single one
    for (const name of ["texts", "problem", "layer", "heads", "stage", "scroll", "status", "panel", "middle"]) {
      this[name] = this.root.querySelector(`.ax-${name}`);
    }
    [this.canvas, this.slider] = ["canvas", "input[type=range]"].map((found) => this.root.querySelector(found));
    this.columns = [...this.root.querySelectorAll(".ax-column")];
    this.listen();
    this.takeScene();
  }

  get(name) { return this.model.get(name); }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  listen() {
    this.model.on("change:scene", () => this.takeScene());
    this.model.on("change:problem", () => this.update());
    for (const name of ["layer", "shown_heads", "view", "difference"]) {
      this.model.on(`change:${name}`, () => this.update());
    }
    this.texts.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.type === "text") this.read();
    });
    this.slider.addEventListener("input", () => this.set({ layer: Number(this.slider.value) }));
    this.root.addEventListener("click", (event) => this.click(event));
    // The notebook would take arrows and Enter from slider, buttons and text fields.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.scroll.addEventListener("scroll", () => this.paintSoon());
    for (const column of this.columns) {
      column.addEventListener("pointerover", (event) => this.point("hovered", event.target));
      column.addEventListener("pointerleave", () => this.point("hovered", null));
      column.addEventListener("focusin", (event) => this.point("focused", event.target));
      column.addEventListener("focusout", () => this.point("focused", null));
      column.addEventListener("dblclick", (event) => this.doubleClick(event));
      column.addEventListener("keydown", (event) => this.key(event));
    }
    this.sizes = new ResizeObserver(() => { this.takePlace(); this.paintSoon(); });
    this.sizes.observe(this.middle);
    this.themes = new MutationObserver(() => this.paintSoon());
    this.themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }

  // The picture that Python put before us stands in where there is no widget; here is one.
  takePlace() {
    const before = this.root.closest(".jp-OutputArea-child")?.previousElementSibling;
    if (before?.querySelector("img")) before.style.display = "none";
  }

  close() {
    this.sizes.disconnect();
    this.themes.disconnect();
  }

  // ---- what the reader does

  read() {
    const texts = [...this.texts.querySelectorAll("input")].map((field) => field.value);
    if (texts.join("\n") === this.get("texts").join("\n")) { this.set({ problem: "" }); return; }
    this.root.setAttribute("aria-busy", "true");
    this.set({ texts, hidden_word: -1, problem: "" });
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    const { head, view, all, none, change, show, index, read } = button.dataset;
    if (head !== undefined) this.chooseHead(Number(head), event);
    if (view !== undefined) this.set({ view });
    if (all !== undefined) this.set({ shown_heads: upTo(this.scene.heads) });
    if (none !== undefined) this.set({ shown_heads: [] });
    if (change !== undefined) this.set({ difference: !this.get("difference") });
    if (show !== undefined) this.hide(-1);
    if (read !== undefined) this.read();
    if (index === undefined) return;
    button.focus({ preventScroll: true });
    if (event.detail === 1 && this.isHidden(button)) {
      this.shown = { token: button, at: performance.now() };
      this.hide(-1);
    }
  }

  chooseHead(head, event) {
    const shown = this.get("shown_heads");
    const box = this.root.querySelector(".ax-several");
    const several = event.ctrlKey || event.metaKey || event.shiftKey || box.checked;
    const alone = shown.length === 1 && shown[0] === head;
    if (!several && shown.length !== 1) this.back = shown;
    const all = upTo(this.scene.heads);
    const others = shown.filter((one) => one !== head);
    const toggled = others.length < shown.length ? others : [...shown, head].sort((a, b) => a - b);
    const single = alone ? (this.back.length ? this.back : all) : [head];
    this.set({ shown_heads: several ? toggled : single });
  }

  isHidden(token) {
    const word = this.scene.words[token.dataset.index];
    return word >= 0 && word === this.scene.hidden_word;
  }

  hide(word) {
    if (!this.scene.can_hide || word === this.get("hidden_word")) return;
    this.root.setAttribute("aria-busy", "true");
    this.set({ hidden_word: word, ...(word < 0 ? { difference: false } : {}) });
  }

  doubleClick(event) {
    const token = event.target.closest(".ax-token");
    const byFirstClick = token === this.shown?.token && performance.now() - this.shown.at < 800;
    if (token && !byFirstClick) this.hideAt(token);
  }

  hideAt(token) {
    const word = this.scene.words[token.dataset.index];
    if (word >= 0) this.hide(word);
  }

  key(event) {
    const token = event.target.closest(".ax-token");
    if (!token || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const side = { ArrowLeft: 0, ArrowRight: 1 }[event.key];
    const last = this.scene.tokens.length - 1;
    const index = Number(token.dataset.index);
    if (step) token.parentElement.children[Math.max(0, Math.min(last, index + step))].focus();
    else if (side !== undefined) this.columns[side].children[index].focus();
    else if (["Enter", "m", "M"].includes(event.key)) this.isHidden(token) ? this.hide(-1) : this.hideAt(token);
    else if (event.key === "Escape") token.blur();
    else return;
    event.preventDefault();
  }

  point(kind, target) {
    const token = target?.closest(".ax-token");
    this[kind] = token ? { side: token.dataset.side, index: Number(token.dataset.index) } : null;
    if (kind === "focused" && token) {
      for (const other of token.parentElement.children) other.tabIndex = other === token ? 0 : -1;
    }
    this.paintSoon();
  }

  // ---- what is shown

  takeScene() {
    this.scene = this.get("scene");
    this.attention = new Attention(this.scene);
    const { tokens, layers, heads } = this.scene;
    this.slider.max = layers;
    this.row = tokens.length > 24 ? 24 : 28;
    this.root.classList.toggle("ax-long", tokens.length > LONG);
    this.scroll.style.maxHeight = tokens.length > LONG ? `${FRAME}px` : "none";
    this.stage.style.setProperty("--ax-row", `${this.row}px`);
    if (!this.heads.children.length) this.heads.append(...upTo(heads).map(headButton));
    for (const column of this.columns) this.fill(column);
    if (`${this.texts.dataset.read}` !== `${this.scene.texts}`) this.fields();
    this.root.removeAttribute("aria-busy");
    this.panel.replaceChildren(...panelOf(this.scene));
    this.update();
  }

  fields() {
    const labels = this.scene.texts.length === 1 ? ["Your sentence"] : ["First text", "Second text"];
    const field = (value) => element("input", { type: "text", value, spellcheck: false });
    const inputs = this.scene.texts.map((value, k) =>
      element("label", {}, element("span", {}, labels[k]), field(value)));
    this.texts.replaceChildren(...inputs, this.texts.lastElementChild);
    this.texts.dataset.read = `${this.scene.texts}`;
  }

  fill(column) {
    const { side } = column.dataset;
    const { tokens, words, spelled } = this.scene;
    while (column.children.length > tokens.length) column.lastChild.remove();
    tokens.forEach((token, index) => {
      const button = column.children[index] ?? column.appendChild(tokenButton(side, index));
      const hidden = this.isHidden(button);
      button.querySelector(".ax-word").textContent = token;
      button.classList.toggle("ax-hidden", hidden);
      button.classList.toggle("ax-special", words[index] < 0);
      if (words[index] >= 0 && this.scene.can_hide) button.setAttribute("aria-pressed", hidden);
      else button.removeAttribute("aria-pressed");
      button.setAttribute("aria-label", hidden ? `${spelled[words[index]]}, hidden` : token);
    });
  }

  update() {
    const [layer, view, shown, problem] = ["layer", "view", "shown_heads", "problem"].map((name) => this.get(name));
    const change = this.changes();
    Object.assign(this.root.dataset, { layer, view, heads: shown.join(), hidden: this.scene.hidden_word, change });
    this.slider.value = layer;
    this.slider.setAttribute("aria-valuetext", `layer ${layer} of ${this.scene.layers}`);
    this.layer.querySelector("output").textContent = `${layer} of ${this.scene.layers}`;
    for (const button of this.root.querySelectorAll("[data-view]")) {
      if (button !== this.root) button.setAttribute("aria-pressed", button.dataset.view === view);
    }
    for (const button of this.heads.children) {
      button.setAttribute("aria-pressed", shown.includes(Number(button.dataset.head)));
    }
    this.panel.querySelector("[data-change]")?.setAttribute("aria-pressed", change);
    this.problem.textContent = problem;
    this.problem.hidden = !problem;
    if (problem) this.root.removeAttribute("aria-busy");
    this.paintSoon();
  }

  changes() {
    return this.get("difference") && this.scene.hidden_word >= 0;
  }

  paintSoon() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.paint(); });
  }

  paint() {
    const layer = this.get("layer");
    const ready = this.attention.holds(layer);
    this.root.toggleAttribute("data-ready", ready);
    if (!ready) { this.status.textContent = `Layer ${layer} is on its way …`; return; }
    const [heads, change, focus] = [this.get("shown_heads"), this.changes(), this.hovered ?? this.focused];
    const lines = this.get("view") === "lines";
    const pens = this.pens(layer, heads, change, focus);
    const tokens = this.scene.tokens.length;
    const height = Math.min(tokens * this.row, tokens > LONG ? FRAME : Infinity); // of what is in sight
    const faintest = focus ? 0.004 : tokens > LONG ? 0.05 : 0.02;
    const [top, width] = [this.scroll.scrollTop, this.middle.clientWidth];
    const stage = { tokens, row: this.row, top, width, height, focus, faintest };
    this.canvas.style.height = `${height}px`;
    drawLines(this.canvas, lines ? pens : [], stage);
    this.shade(pens, focus, lines, change);
    const [words, scale] = [this.scene.tokens, pens[0]?.scale];
    this.status.textContent = inWords({ layer, heads, change, focus, lines, tokens: words, scale });
  }

  // One pen for each head; one for the mean where it is about changes, whose two colours say more and less.
  pens(layer, heads, change, focus) {
    const style = getComputedStyle(this.root);
    const colour = (name) => style.getPropertyValue(`--ax-${name}`).trim();
    if (!heads.length) return [];
    if (change) {
      const matrix = this.attention.mean(layer, heads, true);
      const seen = focus ? profile(matrix, this.scene.tokens.length, focus) : matrix;
      const scale = seen.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      return [{ matrix, scale, shift: 0, colours: [colour("more"), colour("less")], dashes: [[], [5, 4]] }];
    }
    // Thousands of long dashed lines would take a second to draw.
    const plain = this.scene.tokens.length > LONG && heads.length > 2 && !focus;
    return heads.map((head, k) => {
      const ink = colour((head - 1) % COLOURS);
      const dash = plain ? [] : STYLES[Math.floor((head - 1) / COLOURS) % STYLES.length];
      const shift = (k - (heads.length - 1) / 2) * Math.min(1.6, 14 / heads.length);
      const matrix = this.attention.matrix(layer, head, false);
      return { matrix, scale: 1, shift, colours: [ink, ink], dashes: [dash, dash] };
    });
  }

  // Percentages beside the tokens, and in the view "shading" a stripe behind each for every head.
  shade(pens, focus, lines, change) {
    const tokens = this.scene.tokens.length;
    const heads = this.get("shown_heads");
    const mean = heads.length ? this.attention.mean(this.get("layer"), heads, change) : null;
    for (const column of this.columns) {
      const { side } = column.dataset;
      const values = side !== focus?.side && mean && (focus || (!lines && side === "right"));
      const shares = values && profile(mean, tokens, focus);
      const parts = values && !lines ? pens.map((pen) => [pen, profile(pen.matrix, tokens, focus)]) : [];
      [...column.children].forEach((token, index) => {
        const own = side === focus?.side && focus.index === index;
        token.classList.toggle("ax-own", own);
        token.children[1].style.backgroundImage = stripes(parts.map(([pen, its]) =>
          [pen.colours[its[index] < 0 ? 1 : 0], Math.min(1, Math.abs(its[index]) / pen.scale)]));
        if (shares) token.dataset.percent = (100 * shares[index]).toFixed(1);
        else delete token.dataset.percent;
        token.lastChild.textContent = !shares ? "" : change ? points(shares[index]) : percent(shares[index]);
      });
    }
  }
}

export default {
  render({ model, el }) {
    const explorer = new Explorer(model, el);
    return () => explorer.close();
  },
};
