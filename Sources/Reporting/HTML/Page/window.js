"use strict";
// Which products an element of an answer is the sum of, and where their factors lie.

/**
 * The terms of an element, of every channel or filter that it sums over: which place of each operand is multiplied.
 * `at` is the place in the plane that is drawn, and `isInside` whether it is there: what lies outside is padding, or beyond
 * the output. `tap` names it: kernel row and column, or for a filter's gradient the output row and column.
 */
function termsOf(picture, index) {
  const { input, kernel, output, strides, dilations, pads, groups, channels, filters } = picture.window;
  const [inGroup, outGroup] = [channels / groups, filters / groups];
  const within = (at, extent) => at[0] >= 0 && at[0] < extent[0] && at[1] >= 0 && at[1] < extent[1];
  const under = (y, x, ky, kx) =>
    [y * strides[0] + ky * dilations[0] - pads[0], x * strides[1] + kx * dilations[1] - pads[1]];
  const terms = [];
  const each = (extent, body) => {
    for (let first = 0; first < extent[0]; first++) for (let second = 0; second < extent[1]; second++) body(first, second);
  };
  const [n, a, b, last] = index;
  switch (picture.operation) {
    case "forward":
      each(kernel, (ky, kx) => {
        const at = under(a, b, ky, kx);
        terms.push({ at, isInside: within(at, input), tap: [ky, kx] });
      });
      break;
    case "input-gradient":
      each(kernel, (ky, kx) => {
        const rest = [a + pads[0] - ky * dilations[0], b + pads[1] - kx * dilations[1]];
        if (rest[0] % strides[0] || rest[1] % strides[1]) return;
        const at = [rest[0] / strides[0], rest[1] / strides[1]];
        terms.push({ at, isInside: within(at, output), tap: [ky, kx] });
      });
      break;
    case "filter-gradient":
      each(output, (y, x) => {
        const at = under(y, x, n, a);
        terms.push({ at, isInside: within(at, input), tap: [y, x] });
      });
      break;
    default:
      each(output, (y, x) => terms.push({ at: [y, x], isInside: true, tap: [y, x] }));
  }
  switch (picture.operation) {
    case "forward": {
      const first = Math.floor(last / outGroup) * inGroup;
      return {
        terms, drawn: "input", extent: input, depth: "channel", first, count: inGroup,
        factors: (term, depth) => [
          ["input", [n, ...term.at, first + depth]], ["filter", [...term.tap, depth, last]],
        ],
        bias: last,
      };
    }
    case "input-gradient": {
      const first = Math.floor(last / inGroup) * outGroup;
      return {
        terms, drawn: "output", extent: output, depth: "filter", first, count: outGroup,
        factors: (term, depth) => [
          ["output", [n, ...term.at, first + depth]], ["filter", [...term.tap, last % inGroup, first + depth]],
        ],
        bias: last,
      };
    }
    case "filter-gradient": {
      const channel = Math.floor(last / outGroup) * inGroup + b;
      return {
        terms, drawn: "input", extent: input, depth: "batch", first: 0, count: null,
        factors: (term, batch) => [["input", [batch, ...term.at, channel]], ["output", [batch, ...term.tap, last]]],
      };
    }
    default:
      return {
        terms, drawn: "output", extent: output, depth: "batch", first: 0, count: null,
        factors: (term, batch) => [["output", [batch, ...term.at, last]]],
      };
  }
}

/** How many planes a sum runs over. */
const depthsOf = (picture, sum) => sum.count ?? picture.window.batch;

/** The exact factors of a term; undefined where the record does not have the tensor. */
function factorsOf(operands, sum, term, depth) {
  return sum.factors(term, depth).map(([role, index]) =>
    operands[role] ? operands[role].numbers[placeOf(operands[role].shape, index)] : undefined);
}

/**
 * The sum of an element's products, in float64, in the order of the terms; null where a factor is not in the record, or
 * numbers stand for others.
 */
function sumOf(picture, operands, index) {
  const sum = termsOf(picture, index);
  let [total, count] = [0, 0];
  for (let depth = 0; depth < depthsOf(picture, sum); depth++) {
    for (const term of sum.terms) {
      if (!term.isInside) continue;
      const factors = factorsOf(operands, sum, term, depth);
      if (factors.includes(undefined)) return null;
      total += factors.reduce((product, factor) => product * factor, 1);
      count++;
    }
  }
  if (Object.values(operands).some((tensor) => tensor && tensor.type.includes("int"))) return null;
  if (sum.bias !== undefined && operands.bias) total += operands.bias.numbers[sum.bias];
  return { total, count };
}

/** Which tap a cell is under, in its corner. */
function label(pen, tap, x, y, colour) {
  pen.font = "9px ui-monospace, Menlo, Consolas, monospace";
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "top";
  pen.fillText(tap.join(","), x + 4, y + 4);
}

/** Draws the plane that an element's products come from, as much of it as its window needs. */
function drawWindow(canvas, picture, operands, index, depth, room) {
  const sum = termsOf(picture, index);
  const values = operands[sum.drawn];
  const places = sum.terms.map((term) => term.at);
  const [rows, columns] = [places.map((at) => at[0]), places.map((at) => at[1])];
  const margin = 1;
  const fold = (list, pick, other) => list.reduce((best, number) => pick(best, number), other);
  const end = (axis) => sum.extent[axis] - 1;
  const top = Math.max(fold(rows, Math.min, end(0)) - margin, Math.min(fold(rows, Math.min, 0), 0));
  const left = Math.max(fold(columns, Math.min, end(1)) - margin, Math.min(fold(columns, Math.min, 0), 0));
  const bottom = Math.min(fold(rows, Math.max, 0) + margin, Math.max(fold(rows, Math.max, 0), end(0)));
  const right = Math.min(fold(columns, Math.max, 0) + margin, Math.max(fold(columns, Math.max, 0), end(1)));
  const [height, width] = [bottom - top + 1, right - left + 1];
  const size = Math.max(2, Math.min(44, Math.floor(room / width), Math.floor(560 / height)));
  const colours = palette();
  const pen = sized(canvas, width * size, height * size);
  const limit = values ? largest(values.numbers) : 0;
  const taps = new Map(sum.terms.map((term) => [term.at.join(), term]));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [x, y] = [(column - left) * size, (row - top) * size];
      const term = taps.get([row, column].join());
      const isInside = row >= 0 && row < sum.extent[0] && column >= 0 && column < sum.extent[1];
      const place = { at: [row, column], tap: term ? term.tap : [0, 0] };
      const number = isInside && values
        ? values.numbers[placeOf(values.shape, sum.factors(place, depth)[0][1])] : undefined;
      const fill = number === undefined ? colours.middle : shade(number, limit, false, colours);
      pen.globalAlpha = term ? 1 : 0.4;
      pen.fillStyle = isInside ? css(fill) : colours.ground;
      pen.fillRect(x, y, size, size);
      if (!isInside) hatch(pen, x, y, size, colours.absent);
      if (size >= 10) {
        pen.strokeStyle = colours.line;
        pen.lineWidth = 0.5;
        pen.strokeRect(x, y, size, size);
      }
      pen.globalAlpha = term ? 1 : 0.7;
      if (number !== undefined && size >= 22) write(pen, number, x, y, size, term ? readable(fill) : colours.text);
      pen.globalAlpha = 1;
      if (!term) continue;
      pen.strokeStyle = term.isInside ? colours.tap : colours.absent;
      pen.lineWidth = size >= 10 ? 2 : 1;
      if (size >= 5) pen.strokeRect(x + 1, y + 1, size - 2, size - 2);
      if (size >= 34) label(pen, term.tap, x, y, number === undefined ? colours.text : readable(fill));
      else if (size < 5 && term.isInside && number === undefined) {
        pen.fillStyle = colours.tap;
        pen.fillRect(x, y, size, size);
      }
    }
  }
  return sum;
}
