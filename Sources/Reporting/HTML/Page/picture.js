"use strict";
// Tensors, masks and heat maps.

/** An element with attributes and children; text arrives as text nodes, never as markup. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** A count and what is counted. */
const counted = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;

/** A number in few characters: so many significant digits, all of a whole number's. */
function brief(number, digits = 3) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "\u221e" : "-\u221e";
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return Object.is(number, -0) ? "-0" : String(number);
  return String(Number(number.toPrecision(digits)));
}

/** A number with all digits that its type has. */
function exact(number) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (Number.isInteger(number)) return Object.is(number, -0) ? "-0" : String(number);
  if (Math.fround(number) !== number) return String(number);
  // The fewest digits that give the same float32.
  for (let digits = 1; digits < 10; digits++) {
    const text = number.toPrecision(digits);
    if (Math.fround(Number(text)) === number) return String(Number(text));
  }
  return String(number);
}

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place);
  return bytes;
}

function half(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}

/** The numbers of a tensor: `{shape, type, data}`, little endian, in base64. */
function tensorOf(values) {
  if (!values) return null;
  const bytes = bytesOf(values.data);
  const view = new DataView(bytes.buffer);
  const single = new DataView(new ArrayBuffer(4));
  const readers = {
    float64: [8, (at) => view.getFloat64(at, true)],
    float32: [4, (at) => view.getFloat32(at, true)],
    int32: [4, (at) => view.getInt32(at, true)],
    float16: [2, (at) => half(view.getUint16(at, true))],
    bfloat16: [2, (at) => (single.setUint32(0, view.getUint16(at, true) << 16), single.getFloat32(0))],
    int8: [1, (at) => view.getInt8(at)],
    uint8: [1, (at) => view.getUint8(at)],
  };
  const [size, read] = readers[values.type];
  const numbers = new Float64Array(bytes.length / size);
  for (let place = 0; place < numbers.length; place++) numbers[place] = read(place * size);
  return { shape: values.shape, type: values.type, numbers };
}

/** The place of an index in C order. */
const placeOf = (shape, index) => index.reduce((place, number, axis) => place * shape[axis] + number, 0);

/** For each element 1 where it is wrong, 0 where it is right, 2 where the record does not say. */
function wrongOf(wrong, count) {
  const marks = new Uint8Array(count);
  if (!wrong) return marks;
  marks.fill(2, wrong.covered);
  const bytes = bytesOf(wrong.data);
  if (wrong.coding === "bits") {
    for (let place = 0; place < wrong.covered; place++) marks[place] = (bytes[place >> 3] >> (place & 7)) & 1;
    return marks;
  }
  let [place, number, scale, isWrong] = [0, 0, 1, false];
  for (const byte of bytes) {
    number += (byte & 127) * scale;
    scale *= 128;
    if (byte > 127) continue;
    if (isWrong) marks.fill(1, place, place + number);
    [place, number, scale, isWrong] = [place + number, 0, 1, !isWrong];
  }
  return marks;
}

/** The colours of the page as it is now, light or dark. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue("--" + name).trim();
  const triple = (name) => colour(name).split(",").map(Number);
  return {
    low: triple("low"), middle: triple("middle"), high: triple("high"), error: triple("error"),
    text: colour("text"), ground: colour("ground"), line: colour("line"), absent: colour("absent"),
    mark: colour("mark"), tap: colour("tap"), dim: colour("dim"),
  };
}

const mixed = (from, to, part) => from.map((number, place) => Math.round(number + (to[place] - number) * part));
const css = (triple) => `rgb(${triple.join(",")})`;

/** The colour of a number: from low by way of zero to high, or from nothing to the largest error; none for NaN. */
function shade(number, limit, isError, colours) {
  if (Number.isNaN(number) && !isError) return colours.middle;
  const part = Number.isFinite(number) && limit > 0 ? Math.min(Math.abs(number) / limit, 1) : Number.isFinite(number) ? 0 : 1;
  return mixed(colours.middle, isError ? colours.error : number < 0 ? colours.low : colours.high, part);
}

/** The largest magnitude of the numbers that have one. */
function largest(numbers) {
  let limit = 0;
  for (const number of numbers) if (Number.isFinite(number)) limit = Math.max(limit, Math.abs(number));
  return limit;
}

/** Makes a canvas of so many pixels, sharp on every screen, and hands out what draws on it. */
function sized(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 8192 / Math.max(width, height, 1));
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  return pen;
}

/** Lines from corner to corner: what is not there, or no number. */
function hatch(pen, x, y, size, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  const step = Math.max(4, size / 4);
  for (let offset = step; offset < 2 * size; offset += step) {
    pen.moveTo(x + Math.max(0, offset - size), y + Math.min(size, offset));
    pen.lineTo(x + Math.min(size, offset), y + Math.max(0, offset - size));
  }
  pen.stroke();
}

/** A number in the middle of a cell, with as many digits as fit. */
function write(pen, number, x, y, size, colour) {
  const height = Math.min(12, size * 0.36);
  pen.font = `${height}px ui-monospace, Menlo, Consolas, monospace`;
  const text = [3, 2, 1].map((digits) => brief(number, digits)).find((text) => pen.measureText(text).width <= size - 4);
  if (!text) return;
  pen.fillStyle = colour;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x + size / 2, y + size / 2 + 0.5);
}

/** A colour that can be read on another. */
const readable = ([red, green, blue]) => (red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#111" : "#fff");

/**
 * Draws a plane: `cells` has rows of `{number, mark, isKnown}`; `mark` is 1 where an element is wrong.
 * The chosen cell has a frame.
 */
function drawPlane(canvas, { rows, columns, cellAt, size, limit, isError, chosen }) {
  const colours = palette();
  const pen = sized(canvas, columns * size, rows * size);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const { number, mark } = cellAt(row, column);
      const [x, y] = [column * size, row * size];
      const isKnown = number !== undefined;
      const fill = isKnown ? shade(number, limit, isError, colours) : colours.middle;
      pen.fillStyle = css(fill);
      pen.fillRect(x, y, size, size);
      if (isKnown && !Number.isFinite(number) && size >= 6) hatch(pen, x, y, size, readable(fill));
      if (size >= 12) {
        pen.strokeStyle = colours.line;
        pen.lineWidth = 0.5;
        pen.strokeRect(x, y, size, size);
      }
      if (isKnown && size >= 22) write(pen, number, x, y, size, readable(fill));
      if (mark === 2) hatch(pen, x, y, size, colours.absent);
      if (mark === 1) drawMark(pen, x, y, size, colours, isKnown);
    }
  }
  if (!chosen) return;
  const inset = size >= 8 ? 1 : -1;
  for (const [colour, width] of [[colours.ground, 4], [colours.text, 2]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(
      chosen[1] * size + inset, chosen[0] * size + inset, size - 2 * inset, size - 2 * inset);
  }
}

/** That an element is wrong: a frame with a corner, or where there is no room, or no number, the whole cell. */
function drawMark(pen, x, y, size, colours, isKnown) {
  pen.fillStyle = pen.strokeStyle = colours.mark;
  if (size < 6) {
    const inset = !isKnown || size < 3 ? 0 : size / 4;
    return pen.fillRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset);
  }
  if (!isKnown) {
    pen.lineWidth = Math.max(1.5, size / 8);
    pen.beginPath();
    pen.moveTo(x + size * 0.2, y + size * 0.2);
    pen.lineTo(x + size * 0.8, y + size * 0.8);
    pen.moveTo(x + size * 0.8, y + size * 0.2);
    pen.lineTo(x + size * 0.2, y + size * 0.8);
    return pen.stroke();
  }
  pen.lineWidth = size >= 14 ? 2 : 1;
  pen.strokeRect(x + 1, y + 1, size - 2, size - 2);
  const corner = Math.min(7, size / 2.5);
  pen.beginPath();
  pen.moveTo(x + size - 1, y + 1);
  pen.lineTo(x + size - 1 - corner, y + 1);
  pen.lineTo(x + size - 1, y + 1 + corner);
  pen.fill();
}
