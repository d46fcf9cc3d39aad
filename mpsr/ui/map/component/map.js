// The map: points drawn with WebGL (or, without it, on a plain canvas) from bytes fetched once; later only marks come.
// What the visitor does goes back as one event: a clicked row, the corners of a shape, a region, or "clear".
// Text of the catalogue is only ever set as textContent.

const NEAR = 9; // pixels between pointer and point that still count as on it
const REACH = 45; // the same for the cross in the middle, which the keyboard moves in steps of 60
const CELLS = 256; // of the grid that finds the point under the pointer, along each side
const MOST_LABELS = 28;
const MOST_CORNERS = 120; // of a lasso, after thinning
const ZOOMS = [0.8, 200]; // against the whole map
const instances = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".map");
  let map = instances.get(root);
  if (!map) instances.set(root, (map = new ProductMap(root)));
  map.update(component.data, (event) => component.setTriggerValue("event", { ...event, at: Date.now() }));
  return () => {
    if (!root.isConnected) map.destroy();
  };
}

class ProductMap {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(name);
    this.stage = this.find(".stage");
    this.over = this.find(".over").getContext("2d");
    this.pen = penFor(this.find(".points"));
    this.mode = "move";
    this.centre = [0, 0];
    this.zoom = 1;
    this.pointers = new Map();
    this.files = {};
    this.listeners = new AbortController();
    this.listen();
    this.watch = new ResizeObserver(() => this.ask());
    this.watch.observe(this.stage);
  }

  destroy() {
    this.listeners.abort();
    this.watch.disconnect();
  }

  // -- what the server says ---------------------------------------------------------------------------------

  async update(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.highlight = before && before.colour.codes === data.colour.codes ? this.highlight : null;
    this.stage.setAttribute("aria-label", data.said);
    try {
      const [points, codes] = await Promise.all([this.file(data.points), this.file(data.colour.codes)]);
      if (this.data !== data) return; // a later update has come meanwhile
      if (this.points !== points) this.take(points);
      this.codes = new Uint16Array(codes);
      this.chosen = bits(data.chosen, this.count);
      this.paint();
      this.drawLegend();
      if (!before || before.picked !== data.picked) this.bringIntoView(data.picked);
      this.root.dataset.state = "ready";
      this.facts = JSON.parse(new TextDecoder().decode(await this.file(data.facts)));
      this.bare = new Set(this.facts.unpictured);
      this.find(".added").hidden = !this.facts.added.length;
      this.ask();
      this.root.dataset.names = "ready";
    } catch (error) {
      this.trouble(`The map could not be loaded: ${error.message}`);
    }
  }

  file(address) {
    this.files[address] ??= fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
      return answer.arrayBuffer();
    });
    this.files[address].catch(() => delete this.files[address]);
    return this.files[address];
  }

  take(points) {
    this.points = points;
    this.xy = new Float32Array(points);
    this.count = this.xy.length / 2;
    this.grid = gridOf(this.xy);
    this.pen.place(this.xy);
  }

  trouble(text) {
    const place = this.find(".trouble");
    place.textContent = text;
    place.hidden = false;
    this.root.dataset.state = "trouble";
  }

  // -- colours and marks ------------------------------------------------------------------------------------

  // Four bytes of colour and four of marks (outlined, strength, raised, -) for every point.
  paint() {
    const palette = this.data.colour.entries.map((entry) => hexToRgb(entry.hex));
    const ground = cssRgb(this.css("--st-background-color") || "#ffffff");
    this.outlined = palette.map((rgb) => contrast(rgb, ground) < 1.5);
    const left = luminance(ground) > 0.4 ? 0.16 : 0.3;
    const faded = palette.map((rgb) => rgb.map((value, channel) => (1 - left) * ground[channel] + left * value));
    const looks = new Uint8Array(this.count * 8);
    const marked = this.chosen || this.highlight !== null;
    for (let row = 0; row < this.count; row++) {
      const code = this.codes[row];
      const up = marked && this.isUp(row);
      const full = !marked || up; // the rest fades into the ground: transparency would add up where points are dense
      const [r, g, b] = full ? palette[code] : faded[code];
      looks.set([r, g, b, 255, full && this.outlined[code] ? 255 : 0, 255, up ? 255 : 0, 0], row * 8);
    }
    this.pen.dress(looks);
    this.ask();
  }

  drawLegend() {
    const list = this.find(".legend");
    list.replaceChildren(
      ...this.data.colour.entries.map((entry, code) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const dot = document.createElement("i");
        dot.style.background = entry.hex;
        dot.classList.toggle("outlined", this.outlined[code]);
        const text = document.createElement("span");
        text.textContent = entry.label;
        const count = document.createElement("small");
        count.textContent = entry.count.toLocaleString("en");
        button.type = "button";
        button.title = "Highlight these products";
        button.setAttribute("aria-pressed", String(this.highlight === code));
        button.append(dot, text, count);
        button.onclick = () => {
          this.highlight = this.highlight === code ? null : code;
          for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
          button.setAttribute("aria-pressed", String(this.highlight === code));
          this.paint();
        };
        item.append(button);
        return item;
      }),
    );
  }

  css(name) {
    return getComputedStyle(this.root).getPropertyValue(name).trim();
  }

  // -- where things are -------------------------------------------------------------------------------------

  get size() {
    return [this.stage.clientWidth, this.stage.clientHeight];
  }

  // Pixels a unit of the map.
  get scale() {
    const [width, height] = this.size;
    return (Math.min(width, height) / 2.12) * this.zoom;
  }

  toPixel(x, y) {
    const [width, height] = this.size;
    return [width / 2 + (x - this.centre[0]) * this.scale, height / 2 - (y - this.centre[1]) * this.scale];
  }

  toMap(px, py) {
    const [width, height] = this.size;
    return [this.centre[0] + (px - width / 2) / this.scale, this.centre[1] - (py - height / 2) / this.scale];
  }

  bringIntoView(row) {
    if (row < 0 || Number.isNaN(this.xy[2 * row])) return;
    const [px, py] = this.toPixel(this.xy[2 * row], this.xy[2 * row + 1]);
    const [width, height] = this.size;
    if (px < 20 || py < 20 || px > width - 20 || py > height - 20) {
      this.centre = [this.xy[2 * row], this.xy[2 * row + 1]];
      this.ask();
    }
  }

  zoomBy(factor, px = this.size[0] / 2, py = this.size[1] / 2) {
    const before = this.toMap(px, py);
    this.zoom = Math.min(Math.max(this.zoom * factor, ZOOMS[0]), ZOOMS[1]);
    const after = this.toMap(px, py);
    this.moveBy(before[0] - after[0], before[1] - after[1]);
  }

  moveBy(dx, dy) {
    this.showTip(-1); // the point it is about moves away from under the pointer
    this.centre = [clamp(this.centre[0] + dx, -1.1, 1.1), clamp(this.centre[1] + dy, -1.1, 1.1)];
    this.ask();
  }

  // Row of the nearest point within so many pixels, -1 for none. Points in full strength come before faded ones.
  rowAt(px, py, pixels = NEAR) {
    if (!this.grid) return -1;
    const [x, y] = this.toMap(px, py);
    const reach = pixels / this.scale;
    const rows = this.grid.around(x, y, reach);
    let best = -1;
    let least = reach * reach;
    let bestUp = false;
    for (const row of rows) {
      const distance = (this.xy[2 * row] - x) ** 2 + (this.xy[2 * row + 1] - y) ** 2;
      const up = this.isUp(row);
      if (distance <= reach * reach && ((up && !bestUp) || (up === bestUp && distance <= least))) {
        [best, least, bestUp] = [row, distance, up];
      }
    }
    return best;
  }

  isUp(row) {
    return (!this.chosen || this.chosen[row]) && (this.highlight === null || this.highlight === this.codes[row]);
  }

  // -- drawing ----------------------------------------------------------------------------------------------

  ask() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  draw() {
    const [width, height] = this.size;
    if (!this.xy || !width) return;
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.pen.canvas, this.over.canvas]) {
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    }
    const radius = clamp((12 / this.count ** 0.18) * this.zoom ** 0.35, 1.4, 9);
    const edge = luminance(cssRgb(this.css("--st-background-color") || "#ffffff")) > 0.4 ? [118, 110, 102] : [178, 170, 160];
    // All rims are drawn before all points of a layer: where points are dense a rim shows only around the whole cluster.
    const rim = clamp(radius / 3, 0.6, 1.5);
    this.pen.draw({ centre: this.centre, scale: this.scale, width, height, ratio, radius, rim, edge });
    this.drawOver(ratio, radius);
    this.drawLabels();
    Object.assign(this.stage.dataset, { x: this.centre[0], y: this.centre[1], scale: this.scale });
  }

  drawOver(ratio, radius) {
    const pen = this.over;
    const [width, height] = this.size;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const colour = this.css("--st-primary-color") || "#b4532a";
    const text = this.css("--st-text-color") || "#222";
    const shape = this.drawing ?? this.data.shape;
    pen.strokeStyle = colour;
    if (shape && shape.length > 1) {
      pen.beginPath();
      for (const corner of shape) pen.lineTo(...this.toPixel(...corner));
      pen.closePath();
      pen.lineWidth = 2;
      pen.setLineDash([6, 4]);
      pen.stroke();
      pen.setLineDash([]);
      pen.globalAlpha = 0.08;
      pen.fillStyle = colour;
      pen.fill("evenodd");
      pen.globalAlpha = 1;
    }
    this.drawAdded(radius);
    pen.lineWidth = 2;
    for (const row of this.data.near) this.ring(row, radius + 4, text);
    if (this.data.picked >= 0) {
      this.ring(this.data.picked, radius + 7, colour, 3.5);
    }
    if (this.hover >= 0) this.ring(this.hover, radius + 3, text);
    if (this.data.placed) this.star(...this.toPixel(...this.data.placed), colour);
  }

  // Products placed after the map was laid out are hollow: the ground shows in their middle.
  drawAdded(radius) {
    const ground = this.css("--st-background-color") || "#fff";
    const [width, height] = this.size;
    for (const row of this.facts?.added ?? []) {
      const [px, py] = this.toPixel(this.xy[2 * row], this.xy[2 * row + 1]);
      if (!(px >= 0 && py >= 0 && px <= width && py <= height)) continue;
      this.over.beginPath();
      this.over.arc(px, py, Math.max(radius * 0.5, 1), 0, 2 * Math.PI);
      this.over.fillStyle = ground;
      this.over.fill();
    }
  }

  ring(row, radius, colour, line = 2) {
    const pen = this.over;
    const [px, py] = this.toPixel(this.xy[2 * row], this.xy[2 * row + 1]);
    if (Number.isNaN(px)) return;
    pen.beginPath();
    pen.arc(px, py, radius, 0, 2 * Math.PI);
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.stroke();
  }

  star(px, py, colour) {
    const pen = this.over;
    pen.beginPath();
    for (let tip = 0; tip < 10; tip++) {
      const reach = tip % 2 ? 5 : 12;
      const angle = (Math.PI * tip) / 5 - Math.PI / 2;
      pen.lineTo(px + reach * Math.cos(angle), py + reach * Math.sin(angle));
    }
    pen.closePath();
    pen.fillStyle = colour;
    pen.fill();
    pen.strokeStyle = this.css("--st-background-color") || "#fff";
    pen.lineWidth = 1.5;
    pen.stroke();
  }

  // The largest regions first; one whose label would lie on another's waits until the map is zoomed.
  drawLabels() {
    const [width, height] = this.size;
    const taken = [];
    const shown = [];
    for (const [number, region] of this.data.regions.entries()) {
      if (!region.label || shown.length >= MOST_LABELS) continue;
      const [px, py] = this.toPixel(region.x, region.y);
      const label = this.labelOf(number, region);
      const half = label.width / 2;
      const box = [clamp(px - half, 2, width - label.width - 2), py - 40, 0, 0];
      [box[2], box[3]] = [box[0] + label.width, box[1] + 28];
      if (px < 0 || py < 14 || px > width || py > height || box[0] < 0) continue;
      box[1] = Math.max(box[1], 2);
      if (taken.some((other) => box[0] < other[2] + 4 && other[0] < box[2] + 4 && box[1] < other[3] + 3 && other[1] < box[3] + 3)) continue;
      taken.push(box);
      label.button.style.transform = `translate(${box[0]}px, ${box[1]}px)`;
      shown.push(label.button);
    }
    const place = this.find(".labels");
    if (shown.length !== place.children.length || shown.some((button, at) => place.children[at] !== button)) {
      const focused = this.root.getRootNode().activeElement;
      place.replaceChildren(...shown);
      if (shown.includes(focused)) focused.focus();
    }
  }

  labelOf(number, region) {
    if (this.labelled !== this.data.points) [this.labels, this.labelled] = [new Map(), this.data.points];
    if (!this.labels.has(number)) {
      const button = document.createElement("button");
      const text = document.createElement("span");
      const said = region.detail ? `${region.label}, ${region.detail}` : region.label;
      text.className = "text";
      text.textContent = said;
      if (region.picture) {
        const image = document.createElement("img");
        image.src = region.picture;
        image.alt = "";
        button.append(image);
      }
      button.append(text);
      button.type = "button";
      button.setAttribute("aria-label", `Select the region ${said}, ${region.size.toLocaleString("en")} products`);
      button.title = `${said}: ${region.size.toLocaleString("en")} products`;
      button.onclick = () => this.send({ region: number });
      this.over.font = "600 12px sans-serif";
      const width = Math.min(this.over.measureText(said).width * 1.08 + (region.picture ? 40 : 18), 224);
      this.labels.set(number, { button, width });
    }
    return this.labels.get(number);
  }

  // -- what the visitor does --------------------------------------------------------------------------------

  listen() {
    const options = { signal: this.listeners.signal };
    const on = (name, action, more = {}) => this.stage.addEventListener(name, action.bind(this), { ...options, ...more });
    on("pointerdown", this.down);
    on("pointermove", this.move);
    on("pointerup", this.up);
    on("pointercancel", this.cancel);
    on("pointerleave", () => this.showTip(-1));
    on("keydown", this.key);
    on("wheel", this.wheel, { passive: false });
    for (const button of this.root.querySelectorAll("[data-mode]:not(.stage)")) {
      button.addEventListener("click", () => this.setMode(button.dataset.mode), options);
    }
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this.act(button.dataset.do), options);
    }
    this.setMode("move");
  }

  setMode(mode) {
    this.mode = mode;
    this.stage.dataset.mode = mode;
    for (const button of this.root.querySelectorAll(".tools [data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
  }

  act(what) {
    if (what === "in") this.zoomBy(1.6);
    if (what === "out") this.zoomBy(1 / 1.6);
    if (what === "whole") {
      this.zoom = 1;
      this.centre = [0, 0];
      this.ask();
    }
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left - this.stage.clientLeft, event.clientY - box.top - this.stage.clientTop];
  }

  down(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    this.pointers.set(event.pointerId, this.place(event));
    this.stage.setPointerCapture(event.pointerId);
    if (this.pointers.size > 1) {
      this.drawing = null;
      this.start = null;
      return;
    }
    this.start = this.place(event);
    this.tool = event.shiftKey && this.mode === "move" ? "lasso" : this.mode;
    this.dragged = false;
    if (this.tool === "lasso") this.trail = [this.start];
    this.showTip(-1);
  }

  move(event) {
    const [px, py] = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.showTip(event.target.closest("button") ? -1 : this.rowAt(px, py), px, py);
      return;
    }
    if (this.pointers.size > 1) this.pinch(event.pointerId, [px, py]);
    else if (this.start) this.drag(before, [px, py]);
    this.pointers.set(event.pointerId, [px, py]);
  }

  drag(before, now) {
    this.dragged ||= Math.hypot(now[0] - this.start[0], now[1] - this.start[1]) > 4;
    if (!this.dragged) return;
    if (this.tool === "move") {
      this.stage.dataset.moving = "";
      this.moveBy((before[0] - now[0]) / this.scale, (now[1] - before[1]) / this.scale);
      return;
    }
    if (this.tool === "lasso") this.trail.push(now);
    const [a, b] = [this.start, now];
    const outline = this.tool === "lasso" ? this.trail : [a, [b[0], a[1]], b, [a[0], b[1]]];
    this.drawing = outline.map((corner) => this.toMap(...corner));
    this.ask();
  }

  pinch(moved, now) {
    const [[, other]] = [...this.pointers].filter(([pointer]) => pointer !== moved);
    const before = this.pointers.get(moved);
    const middle = (a) => [(a[0] + other[0]) / 2, (a[1] + other[1]) / 2];
    const apart = (a) => Math.max(Math.hypot(a[0] - other[0], a[1] - other[1]), 1);
    const [from, to] = [middle(before), middle(now)];
    this.moveBy((from[0] - to[0]) / this.scale, (to[1] - from[1]) / this.scale);
    this.zoomBy(apart(now) / apart(before), ...to);
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    delete this.stage.dataset.moving;
    if (!this.start) return;
    const [px, py] = this.place(event);
    if (!this.dragged) {
      const row = this.rowAt(px, py);
      if (row >= 0) this.send({ pick: row });
    } else if (this.tool !== "move" && this.drawing) {
      const outline = this.tool === "lasso" ? thinned(this.trail) : this.drawing.map((corner) => this.toPixel(...corner));
      const corners = outline.map((corner) => this.toMap(...corner).map((value) => Math.round(value * 1e4) / 1e4));
      if (corners.length >= 3) {
        this.data.shape = corners;
        this.send({ shape: corners });
      }
    }
    this.start = null;
    this.drawing = null;
    this.ask();
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.start = this.drawing = null;
    delete this.stage.dataset.moving;
    this.ask();
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const [px, py] = this.place(event);
    this.zoomBy(Math.exp(clamp(-event.deltaY * lines, -240, 240) * 0.002), px, py);
    this.showTip(event.target.closest("button") ? -1 : this.rowAt(px, py), px, py);
  }

  key(event) {
    if (event.target !== this.stage) return;
    const step = 60 / this.scale;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const [width, height] = this.size;
    if (moves[event.key]) this.moveBy(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.act("in");
    else if (event.key === "-") this.act("out");
    else if (event.key === "0") this.act("whole");
    else if (event.key === "Escape") this.send({ clear: true });
    else if (event.key === "Enter") {
      const row = this.rowAt(width / 2, height / 2, REACH);
      if (row >= 0) this.send({ pick: row });
    } else return;
    event.preventDefault();
    this.showTip(this.rowAt(width / 2, height / 2, REACH), width / 2, height / 2);
  }

  showTip(row, px = 0, py = 0) {
    const tip = this.find(".tip");
    if (row !== this.hover) {
      this.hover = row;
      this.stage.toggleAttribute("data-over", row >= 0 && this.mode === "move");
      this.ask();
      tip.hidden = row < 0 || !this.facts;
      if (!tip.hidden) {
        const image = tip.querySelector("img");
        tip.querySelector("p").textContent = this.facts.names[row];
        image.hidden = this.bare.has(row);
        if (!image.hidden) image.src = `${this.data.pictures}/${row}.jpg`;
      }
    }
    if (tip.hidden) return;
    const [width, height] = this.size;
    const left = px + 166 < width ? px + 14 : px - 164;
    const top = clamp(py - 60, 4, Math.max(height - tip.offsetHeight - 4, 4));
    tip.style.transform = `translate(${Math.max(left, 2)}px, ${top}px)`;
  }
}

// -- pens: WebGL, and a plain canvas where there is none ----------------------------------------------------

const VERTEX = `
attribute vec2 place; attribute vec4 colour; attribute vec4 look;
uniform vec2 centre, half_size; uniform float scale, raised, size, rim; uniform vec3 edge;
varying mediump vec4 tint; varying mediump float point;
void main() {
  bool here = (look.z > 0.5) == (raised > 0.5);
  gl_Position = here ? vec4((place - centre) * scale / half_size, 0.0, 1.0) : vec4(9.0, 9.0, 9.0, 1.0);
  point = size * (look.z > 0.5 ? 1.35 : 1.0) + 1.0 + 2.0 * rim;
  gl_PointSize = point;
  if (rim > 0.0 && look.x < 0.5) gl_Position = vec4(9.0, 9.0, 9.0, 1.0);
  tint = vec4(rim > 0.0 ? edge : colour.rgb, look.y);
}`;
const FRAGMENT = `
precision mediump float;
varying vec4 tint; varying float point;
void main() {
  float inside = (0.5 - length(gl_PointCoord - 0.5)) * point; // pixels from the edge of the disc
  float alpha = clamp(inside, 0.0, 1.0) * tint.a;
  gl_FragColor = vec4(tint.rgb * alpha, alpha);
}`;

function penFor(canvas) {
  const gl = canvas.getContext("webgl", { antialias: false, premultipliedAlpha: true });
  return gl ? new GlPen(canvas, gl) : new PlainPen(canvas);
}

class GlPen {
  constructor(canvas, gl) {
    [this.canvas, this.gl] = [canvas, gl];
    const stop = (event) => event.preventDefault(); // lets the browser give a lost context back
    canvas.addEventListener("webglcontextlost", stop);
    canvas.addEventListener("webglcontextrestored", () => this.prepare());
    this.prepare();
  }

  prepare() {
    const gl = this.gl;
    this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.program));
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.buffers = [gl.createBuffer(), gl.createBuffer()];
    if (this.xy) this.place(this.xy);
    if (this.looks) this.dress(this.looks);
    if (this.last) this.draw(this.last);
  }

  fill(buffer, values, layout) {
    const gl = this.gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    for (const [name, size, type, normalised, stride, offset] of layout) {
      const at = gl.getAttribLocation(this.program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, type, normalised, stride, offset);
    }
  }

  place(xy) {
    this.xy = xy;
    // A product without a place (NaN) is put outside of everything.
    this.fill(this.buffers[0], xy.map((value) => (Number.isNaN(value) ? 1e6 : value)), [["place", 2, this.gl.FLOAT, false, 0, 0]]);
  }

  dress(looks) {
    this.looks = looks;
    const byte = this.gl.UNSIGNED_BYTE;
    this.fill(this.buffers[1], looks, [["colour", 4, byte, true, 8, 0], ["look", 4, byte, true, 8, 4]]);
  }

  draw(view) {
    this.last = view;
    const gl = this.gl;
    const at = (name) => gl.getUniformLocation(this.program, name);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(at("centre"), ...view.centre);
    gl.uniform2f(at("half_size"), view.width / 2, view.height / 2);
    gl.uniform1f(at("scale"), view.scale);
    gl.uniform1f(at("size"), 2 * view.radius * view.ratio);
    gl.uniform3f(at("edge"), ...view.edge.map((value) => value / 255));
    for (const raised of [0, 1]) {
      gl.uniform1f(at("raised"), raised);
      for (const rim of [view.rim * view.ratio, 0]) {
        gl.uniform1f(at("rim"), rim);
        gl.drawArrays(gl.POINTS, 0, this.xy.length / 2);
      }
    }
  }
}

class PlainPen {
  constructor(canvas) {
    [this.canvas, this.pen] = [canvas, canvas.getContext("2d")];
  }

  place(xy) {
    this.xy = xy;
  }

  dress(looks) {
    this.looks = looks;
  }

  draw(view) {
    const { pen } = this;
    pen.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    pen.clearRect(0, 0, view.width, view.height);
    for (const raised of [0, 255]) {
      for (const rim of [view.rim, 0]) this.squares(view, raised, rim);
    }
  }

  // The rims of the outlined points (rim > 0), or the points themselves.
  squares({ centre, scale, width, height, radius, edge }, raised, rim) {
    const { pen, xy, looks } = this;
    const half = radius + rim;
    for (let row = 0; row < xy.length / 2; row++) {
      const look = 8 * row;
      if (looks[look + 6] !== raised || (rim && !looks[look + 4])) continue;
      const px = width / 2 + (xy[2 * row] - centre[0]) * scale;
      const py = height / 2 - (xy[2 * row + 1] - centre[1]) * scale;
      if (!(px > -9 && py > -9 && px < width + 9 && py < height + 9)) continue;
      pen.globalAlpha = looks[look + 5] / 255;
      pen.fillStyle = rim ? `rgb(${edge})` : `rgb(${looks[look]},${looks[look + 1]},${looks[look + 2]})`;
      pen.fillRect(px - half, py - half, 2 * half, 2 * half);
    }
  }
}

// -- small things -------------------------------------------------------------------------------------------

// Points by grid cell; around(x, y, reach) gives the rows of every cell within reach.
function gridOf(xy) {
  const cell = (value) => clamp(Math.floor(((value + 1) / 2) * CELLS), 0, CELLS - 1);
  const begins = new Uint32Array(CELLS * CELLS + 1);
  const count = xy.length / 2;
  const cells = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    cells[row] = Number.isNaN(xy[2 * row]) ? -1 : cell(xy[2 * row + 1]) * CELLS + cell(xy[2 * row]);
    if (cells[row] >= 0) begins[cells[row] + 1]++;
  }
  for (let at = 1; at < begins.length; at++) begins[at] += begins[at - 1];
  const next = begins.slice();
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) if (cells[row] >= 0) rows[next[cells[row]]++] = row;
  return {
    *around(x, y, reach) {
      for (let down = cell(y - reach); down <= cell(y + reach); down++) {
        const line = down * CELLS;
        yield* rows.subarray(begins[line + cell(x - reach)], begins[line + cell(x + reach) + 1]);
      }
    },
  };
}

// A trail with the corners that matter (Ramer, Douglas and Peucker), MOST_CORNERS at most.
function thinned(trail) {
  let corners = trail;
  for (let tolerance = 1; tolerance === 1 || corners.length > MOST_CORNERS; tolerance *= 1.5) corners = peucker(trail, tolerance);
  return corners;
}

function peucker(trail, tolerance) {
  const kept = new Set([0, trail.length - 1]);
  const waiting = [[0, trail.length - 1]];
  while (waiting.length) {
    const [first, last] = waiting.pop();
    let [furthest, most] = [-1, tolerance];
    for (let at = first + 1; at < last; at++) {
      const away = distanceToEdge(trail[at], trail[first], trail[last]);
      if (away > most) [furthest, most] = [at, away];
    }
    if (furthest > 0) {
      kept.add(furthest);
      waiting.push([first, furthest], [furthest, last]);
    }
  }
  return trail.filter((_, at) => kept.has(at));
}

function distanceToEdge([x, y], [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!length) return Math.hypot(x - x1, y - y1);
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}

function bits(text, count) {
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const marks = new Uint8Array(count);
  for (let row = 0; row < count; row++) marks[row] = (bytes[row >> 3] >> (7 - (row & 7))) & 1;
  return marks;
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

function hexToRgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function cssRgb(text) {
  if (text.startsWith("#") && text.length === 7) return hexToRgb(text);
  const found = text.match(/[\d.]+/g);
  return found ? found.slice(0, 3).map(Number) : [255, 255, 255];
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
