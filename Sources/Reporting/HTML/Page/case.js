"use strict";
// What is shown of one failing case: words, the command, pictures, and the window of an element.

function caseOf(failure, { parts, command, picture }) {
  const entries = parts.flatMap(({ label, lines, isTable }) => {
    const body = isTable ? el("pre", {}, lines.join("\n"))
      : el("div", {}, ...lines.map((line) => el("div", {}, line)));
    return label === "" ? [el("dd", { class: "lone" }, body)] : [el("dt", {}, label), el("dd", {}, body)];
  });
  return el("div", { class: "case" }, el("dl", { class: "parts" }, ...entries), commandOf(command),
    picture ? picturesOf(picture) : el("p", { class: "dim" }, "There is no answer of the right shape to draw."));
}

function commandOf(command) {
  const text = el("pre", {}, command);
  const copy = el("button", { class: "button", type: "button", title: "copy the command that runs this check again" }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(command);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      copy.textContent = "Selected";
    }
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  return el("div", { class: "command" }, text, copy);
}

/** Drawings that are made anew when the colours of the page change. */
const drawings = new Set();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawings.forEach((draw) => draw()));

function picturesOf(picture) {
  const { shape, axes, role } = picture;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const marks = wrongOf(picture.wrong, count);
  const tensors = Object.fromEntries(["got", "want", "input", "filter", "bias", "output"].map((name) =>
    [name, tensorOf(picture[name])]));
  const operands = { input: tensors.input, filter: tensors.filter, bias: tensors.bias, output: tensors.output };
  const error = tensors.got && tensors.got.numbers.map((number, place) => {
    const want = tensors.want.numbers[place];
    return Object.is(number, want) || number === want ? 0 : Math.abs(number - want);
  });
  // The axes of a plane; the others choose one.
  const [down, across] = role === "filter" ? [0, 1] : role === "bias" ? [0, 3] : [1, 2];
  const others = [0, 1, 2, 3].filter((axis) => axis !== down && axis !== across && shape[axis] > 1);
  const first = marks.indexOf(1);
  let chosen = picture.worst ?? indexOf(shape, Math.max(first, 0));
  let depth = 0;

  const body = el("div", { class: "pictures" });
  const pick = el("div", { class: "pick" });
  const planes = el("div", { class: "planes" });
  const window_ = el("div", { class: "window" });
  body.append(pick, planes, window_);

  const selects = others.map((axis) => {
    const select = el("select", { "aria-label": axes[axis] });
    select.append(...Array.from({ length: shape[axis] }, (_, place) => {
      const wrong = countWrong(marks, shape, axis, place);
      return el("option", { value: String(place) }, `${place}${wrong ? ` (${grouped(wrong)} wrong)` : ""}`);
    }));
    select.addEventListener("change", () => {
      chosen = chosen.map((number, place) => (place === axis ? Number(select.value) : number));
      draw();
    });
    return [axis, select];
  });
  pick.append(...selects.map(([axis, select]) => el("label", {}, axes[axis] + " ", select)));
  if (selects.length === 0) pick.hidden = true;

  const limit = error ? Math.max(largest(tensors.want.numbers), 0) : 0;
  const kinds = error ? [
    ["wanted", tensors.want.numbers, limit, false], ["got", tensors.got.numbers, limit, false],
    ["error: |got \u2212 wanted|", error, largest(error), true],
  ] : [["which elements are wrong", null, 0, false]];
  const figures = kinds.map(([title, numbers, limit, isError]) => {
    const canvas = el("canvas", { tabindex: "0", role: "img" });
    const choose = (row, column) => {
      chosen = chosen.slice();
      chosen[down] = Math.max(0, Math.min(shape[down] - 1, row));
      chosen[across] = Math.max(0, Math.min(shape[across] - 1, column));
      draw();
    };
    canvas.addEventListener("click", (event) => choose(
      Math.floor((event.offsetY / canvas.clientHeight) * shape[down]),
      Math.floor((event.offsetX / canvas.clientWidth) * shape[across])));
    canvas.addEventListener("keydown", (event) => {
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      if (!steps[event.key]) return;
      event.preventDefault();
      choose(chosen[down] + steps[event.key][0], chosen[across] + steps[event.key][1]);
    });
    planes.append(el("figure", {}, el("figcaption", {}, title), el("div", { class: "scroll" }, canvas),
      numbers ? legendOf(limit, isError) : null));
    return (size) => {
      canvas.setAttribute("aria-label", `${title}, ${shape[down]} rows of ${shape[across]}, with wrong elements marked`);
      drawPlane(canvas, {
        rows: shape[down], columns: shape[across], size, limit, isError, chosen: [chosen[down], chosen[across]],
        cellAt: (row, column) => {
          const index = chosen.slice();
          [index[down], index[across]] = [row, column];
          const place = placeOf(shape, index);
          return { number: numbers?.[place], mark: marks[place] };
        },
      });
    };
  });

  function draw() {
    // What has been filtered away has no size, and is drawn no more.
    if (body.isConnected === false && body.wasDrawn) return drawings.delete(draw);
    body.wasDrawn = body.isConnected;
    for (const [axis, select] of selects) select.value = String(chosen[axis]);
    const room = Math.max(220, Math.min(document.body.clientWidth - 60, 1100));
    const share = room < 560 ? room : Math.max(room / kinds.length - 26, 200);
    const size = Math.max(1, Math.min(52, Math.floor(share / shape[across]), Math.floor(480 / shape[down])));
    for (const paint of figures) paint(size);
    windowOf(window_, picture, operands, tensors, marks, chosen, error, depth, room, (next) => {
      depth = next;
      draw();
    });
  }
  drawings.add(draw);
  requestAnimationFrame(draw);
  return body;
}

function indexOf(shape, place) {
  const index = [0, 0, 0, 0];
  for (let axis = 3; axis >= 0; axis--) {
    index[axis] = place % shape[axis];
    place = Math.floor(place / shape[axis]);
  }
  return index;
}

/** How many elements at one place of an axis are wrong. */
function countWrong(marks, shape, axis, at) {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  let count = 0;
  for (let start = at * inner; start < marks.length; start += inner * shape[axis]) {
    for (let place = start; place < start + inner; place++) if (marks[place] === 1) count++;
  }
  return count;
}

function legendOf(limit, isError) {
  const stops = isError ? "rgb(var(--middle)), rgb(var(--error))" : "rgb(var(--low)), rgb(var(--middle)), rgb(var(--high))";
  return el("div", { class: "legend" }, isError ? "0" : brief(-limit),
    el("i", { style: `background:linear-gradient(90deg, ${stops})` }), brief(limit));
}

/** The chosen element in words, the plane its products come from, and the products. */
function windowOf(place, picture, operands, tensors, marks, chosen, error, depth, room, choose) {
  const { shape, axes } = picture;
  const at = placeOf(shape, chosen);
  const sum = termsOf(picture, chosen);
  const depths = depthsOf(picture, sum);
  depth = Math.min(depth, depths - 1);
  const names = axes.map((axis, number) => (axis ? `${axis} ${chosen[number]}` : "")).filter(Boolean).join(", ");
  const state = ["right", "wrong", "not in the record"][marks[at]];
  const numbers = error ? `wanted ${exact(tensors.want.numbers[at])}, got ${exact(tensors.got.numbers[at])}, error ${brief(error[at])}: ` : "";
  const inside = sum.terms.filter((term) => term.isInside).length;
  const outside = sum.terms.length - inside;
  const role = { input: "input", output: picture.operation === "forward" ? "output" : "output's gradient" }[sum.drawn];
  const beyond = outside === 0 ? "" : sum.drawn === "input" ? `, ${grouped(outside)} in the padding` : `, ${grouped(outside)} beyond it`;
  const canvas = el("canvas", { class: "still", role: "img", "aria-label": `the window of the element over the ${role}` });
  const select = depths > 1 && operands[sum.drawn] ? el("select", { "aria-label": sum.depth },
    ...Array.from({ length: depths }, (_, number) => el("option", { value: String(number) }, String(sum.first + number)))) : null;
  if (select) {
    select.value = String(depth);
    select.addEventListener("change", () => choose(Number(select.value)));
  }
  place.replaceChildren(
    el("p", {}, el("b", {}, `[${chosen.join(", ")}]`), ` ${names}: ${numbers}`,
      el("b", { class: marks[at] === 1 ? "fail" : "" }, state)),
    sum.terms.length === 0 ? el("p", { class: "dim" }, "No product has a part in it: no window reaches there.") :
    el("figure", {}, el("figcaption", {}, `its window over the ${role}: ${counted(inside, "tap")} in it${beyond}`),
      el("div", { class: "scroll" }, canvas)),
    select ? el("div", { class: "pick" }, el("label", {}, `${sum.depth} `, select)) : "",
    operands[sum.drawn] ? "" : el("p", { class: "dim" }, `The record does not hold the numbers of the ${role}.`),
    productsOf(picture, operands, chosen, sum, depth));
  if (sum.terms.length > 0) drawWindow(canvas, picture, operands, chosen, depth, Math.min(room, 760));
}

/** The products of one channel in a table, and the sum of all. */
function productsOf(picture, operands, chosen, sum, depth) {
  const total = sumOf(picture, operands, chosen);
  if (!total) return "";
  const most = 200;
  const names = sum.factors({ at: [0, 0], tap: [0, 0] }, 0).map(([role]) => role);
  const terms = sum.terms.filter((term) => term.isInside);
  const rows = terms.slice(0, most).map((term) => {
    const factors = factorsOf(operands, sum, term, depth);
    const product = factors.reduce((product, factor) => product * factor, 1);
    return el("tr", {}, el("td", {}, term.tap.join(", ")), el("td", {}, term.at.join(", ")),
      ...[...factors, ...(factors.length > 1 ? [product] : [])].map((number) => el("td", { class: "number" }, exact(number))));
  });
  const tapName = picture.operation.endsWith("filter-gradient") || picture.operation === "bias-gradient" ? "output y, x" : "tap ky, kx";
  const more = terms.length > most ? el("p", { class: "dim" }, `... and ${grouped(terms.length - most)} more`) : "";
  const bias = operands.bias && sum.bias !== undefined ? ` and the bias ${exact(operands.bias.numbers[sum.bias])}` : "";
  const folded = el("details", {}, el("summary", {},
    `The sum of its ${counted(total.count, "product")}${bias}, in float64: `, el("b", { class: "sum" }, exact(total.total))));
  folded.addEventListener("toggle", () => {
    if (!folded.open || folded.childElementCount > 1) return;
    folded.append(table([tapName, `${names[0]} y, x`, ...names, ...(names.length > 1 ? ["product"] : [])], rows), more);
  });
  return folded;
}
