"use strict";
// The page: sections, the list of failures, and what is shown of one of them.

const linesOf = (id) => document.getElementById(id).textContent.trim().split("\n").filter(Boolean);
const run = JSON.parse(linesOf("run")[0]);
const failures = linesOf("rows").map((line, place) => ({ place, ...JSON.parse(line) }));
// Read when a case is opened.
const details = linesOf("details");
const byId = (id) => document.getElementById(id);
const engineName = (place) => run.engines[place]?.name ?? "";

function section(id, title, ...children) {
  const place = byId(id);
  place.hidden = false;
  place.querySelector("div").append(...children);
  byId("contents").append(el("a", { href: "#" + id }, title));
}

function table(heads, rows) {
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...rows)));
}

/** Shows the failures of an engine, of a suite, of a finding, and no others. */
function show({ engine = "", suite = "", finding = "", status = "", search = "" }) {
  byId("by-engine").value = engine;
  byId("by-suite").value = suite;
  byId("by-finding").value = finding;
  byId("by-status").value = status;
  byId("search").value = search;
  filter();
  byId("failures").scrollIntoView();
}

function showHead() {
  const sentence = byId("sentence");
  sentence.textContent = run.sentence;
  if (run.passed) sentence.classList.add("passed");
  byId("troubles").append(...run.troubles.map((text) => el("li", {}, text)));
  const engines = run.engines.map((engine) => ({
    label: engine.name + (engine.version ? " " + engine.version : ""), text: engine.description, isWide: true,
  }));
  byId("about").textContent = engines.map(({ label }) => label).join(", ");
  byId("facts").append(...[...engines, ...run.facts].map(({ label, text, isWide }) =>
    el("div", { class: isWide ? "wide" : "" }, el("dt", {}, label), el("dd", {}, text))));
}

function showFindings() {
  if (run.findings.length === 0) return;
  const cards = run.findings.map((finding, place) => {
    const smallest = failures.find((failure) => failure.engine === finding.engine && failure.id === finding.smallest);
    const engine = run.engines.length > 1 ? engineName(finding.engine) + ": " : "";
    return el("article", { class: "card" }, el("h3", {}, engine + finding.title),
      el("dl", {}, ...finding.parts.flatMap(({ label, text }) => [el("dt", {}, label), el("dd", {}, text)]),
        el("dt", {}, "smallest"), el("dd", {}, smallest
          ? el("button", { class: "link mono", type: "button", onclick: () => openCase(smallest.place) }, finding.smallest)
          : el("code", {}, finding.smallest))),
      el("button", { class: "link", type: "button", onclick: () => show({ finding: String(place) }) },
        finding.cases === 1 ? "show the case" : `show the ${grouped(finding.cases)} cases`));
  });
  section("findings", "Findings", ...cards);
}

const tally = (counts) => counts.flatMap(({ text, count }, place) =>
  [place ? ", " : "", el("span", { class: text }, `${grouped(count)} ${text}`)]);

function showSuites() {
  if (run.suites.length === 0) return;
  const failing = new Set(failures.map((failure) => failure.engine + " " + failure.suite));
  const cell = (suite, engine) => {
    const counts = tally(run.cells[suite][engine]);
    if (!failing.has(engine + " " + run.suites[suite])) return el("td", {}, ...(counts.length ? counts : ["-"]));
    const open = () => show({ engine: String(engine), suite: run.suites[suite] });
    return el("td", {}, el("button", { class: "link", type: "button", onclick: open }, ...counts));
  };
  const rows = run.suites.map((name, suite) =>
    el("tr", {}, el("th", { scope: "row" }, name), ...run.engines.map((_, engine) => cell(suite, engine))));
  section("suites", "Engines by suites", table(["suite", ...run.engines.map((engine) => engine.name)], rows));
}

function showMargins() {
  if (run.margins.length === 0) return;
  section("margins", "Margins", ...run.margins.map(({ engine, exact, counts, nearest }) => {
    const [most, total] = [Math.max(...counts, 1), counts.reduce((sum, count) => sum + count, 0)];
    const upTo = (place) => Math.round((100 * (place + 1)) / counts.length) + " %";
    const bars = counts.map((count, place) => el("span", {
      class: (place + 1) / counts.length > 0.75 ? "late" : "", style: `height:${count ? Math.max(2, (100 * count) / most) : 0}%`,
      title: `${counted(count, "case")} up to ${upTo(place)}`,
    }));
    const picture = total === 0 ? [] : [
      el("div", { class: "bars", role: "img", "aria-label": `${engineName(engine)}: ` + counts.map((count, place) =>
        count ? `${count} up to ${upTo(place)}` : "").filter(Boolean).join(", ") }, ...bars),
      el("div", { class: "scale" }, el("span", {}, "0"), el("span", {}, "half of what is allowed"), el("span", {}, "the limit")),
      el("p", { class: "dim" }, "nearest: ", ...nearest.flatMap(({ title, ratio }, place) =>
        [place ? ", " : "", el("code", {}, title), ` (${ratio})`])),
    ];
    return el("article", { class: "card" }, el("h3", {}, engineName(engine)),
      el("p", {}, `${grouped(exact)} answered without any error` + (total ? `, ${grouped(total)} within the allowance` : "")),
      ...picture);
  }));
}

function showUnsupported() {
  if (run.unsupported.length === 0) return;
  const rows = run.unsupported.flatMap(({ engine, reasons }) => reasons.map(({ text, count }, place) =>
    el("tr", {}, el("th", { scope: "row" }, place ? "" : engineName(engine)), el("td", {}, text),
      el("td", { class: "number" }, grouped(count)))));
  section("unsupported", "Unsupported", table(["engine", "reason", "checks"], rows));
}

function showChoices() {
  if (run.choices.length === 0) return;
  const cell = (answers) => el("td", {}, ...(answers.length ? answers.flatMap(({ text, count }, place) =>
    [place ? el("br") : "", `${text} `, el("span", { class: "dim" }, `(${grouped(count)})`)]) : ["-"]));
  const rows = run.choices.map(({ choice, answers }) =>
    el("tr", {}, el("th", { scope: "row" }, choice), ...answers.map(cell)));
  section("choices", "Choices", table(["choice", ...run.engines.map((engine) => engine.name)], rows));
}

// The list of failures.

const step = 100;
let found = failures;
let drawn = 0;

function filter() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [engine, suite] = [byId("by-engine").value, byId("by-suite").value];
  const [status, finding] = [byId("by-status").value, byId("by-finding").value];
  found = failures.filter((failure) => {
    if (engine !== "" && failure.engine !== Number(engine)) return false;
    if (suite !== "" && failure.suite !== suite) return false;
    if (status !== "" && failure.status !== status) return false;
    if (finding === "none" && failure.findings.length > 0) return false;
    if (finding !== "" && finding !== "none" && !failure.findings.includes(Number(finding))) return false;
    failure.text ??= `${failure.id} ${failure.layouts ?? ""} ${failure.reason} ${engineName(failure.engine)}`.toLowerCase();
    return words.every((word) => failure.text.includes(word));
  });
  byId("list").replaceChildren();
  drawn = 0;
  drawMore();
}

function drawMore() {
  byId("list").append(...found.slice(drawn, drawn + step).map(rowOf));
  drawn = Math.min(found.length, drawn + step);
  const rest = found.length - drawn;
  byId("more").hidden = rest === 0;
  byId("more").textContent = `Show ${grouped(Math.min(step, rest))} more of ${grouped(rest)}`;
  const shown = found.length === failures.length ? counted(failures.length, "failure")
    : `${grouped(found.length)} of ${counted(failures.length, "failure")}`;
  const hidden = run.failures - failures.length;
  const notes = [shown + ", the smallest cases of each engine first."];
  const isAre = (count) => (count === 1 ? "is" : "are");
  if (hidden > 0) {
    notes.push(`${counted(hidden, "larger one")} ${isAre(hidden)} left out of this page; the record of the run (--jsonl) has all.`);
  }
  if (run.untold > 0) notes.push(`${counted(run.untold, "check")} more ${isAre(run.untold)} missing for the same reason as one that is shown.`);
  byId("shown").textContent = notes.join(" ");
}

function rowOf(failure) {
  const row = el("details", { id: "case-" + failure.place },
    el("summary", {}, el("b", { class: failure.status }, failure.status), " ",
      run.engines.length > 1 ? el("span", { class: "dim" }, engineName(failure.engine) + " ") : "",
      el("code", {}, failure.id), failure.layouts ? el("span", { class: "dim" }, ` [${failure.layouts}]`) : "",
      el("span", { class: "reason" }, failure.reason)));
  row.addEventListener("toggle", () => {
    if (row.open && row.childElementCount === 1) row.append(caseOf(failure, JSON.parse(details[failure.place])));
  });
  return row;
}

function openCase(place) {
  show({});
  while (drawn < found.length && !byId("case-" + place)) drawMore();
  const row = byId("case-" + place);
  row.open = true;
  row.scrollIntoView();
}

function showFailures() {
  if (failures.length === 0) return;
  byId("failures").hidden = false;
  byId("contents").append(el("a", { href: "#failures" }, "Failures"));
  const options = (id, pairs) => {
    const used = pairs.filter(([value]) => value !== "" || pairs.length > 1);
    byId(id).append(...used.map(([value, text]) => el("option", { value }, text)));
    byId(id).parentElement.hidden = pairs.length < 3;
    byId(id).addEventListener("change", filter);
  };
  const present = (pick) => [...new Set(failures.map(pick))];
  options("by-engine", [["", "all"], ...present((failure) => failure.engine).map((engine) => [String(engine), engineName(engine)])]);
  options("by-suite", [["", "all"], ...present((failure) => failure.suite).sort().map((suite) => [suite, suite])]);
  options("by-status", [["", "all"], ...present((failure) => failure.status).map((status) => [status, status])]);
  options("by-finding", [["", "all"], ...run.findings.map((finding, place) =>
    [String(place), `${place + 1}. ${finding.title}`]), ["none", "without a finding"]]);
  byId("by-finding").parentElement.hidden = run.findings.length === 0;
  byId("search").addEventListener("input", filter);
  byId("clear").addEventListener("click", () => show({}));
  byId("more").addEventListener("click", drawMore);
  filter();
}

// One failing case.

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

showHead();
showFindings();
showSuites();
showFailures();
showMargins();
showUnsupported();
showChoices();
