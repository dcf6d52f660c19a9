"use strict";
// The page: its sections, and the list of failures.

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

showHead();
showFindings();
showSuites();
showFailures();
showMargins();
showUnsupported();
showChoices();
