// A small Markdown renderer that builds DOM nodes, so that a model's text can never become markup of ours.

/** Fills `target` with `text`: paragraphs, headings, lists, quotes, tables, code, emphasis, links. */
export function render(text, target) {
  target.replaceChildren(...blocks(text.replace(/\r\n?/g, "\n").split("\n")));
}

const FENCE = /^\s*(```+|~~~+)\s*([\w+#.-]*)/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

function blocks(lines) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = FENCE.exec(line);
    if (!line.trim()) {
      at++;
    } else if (fence) {
      let end = at + 1;
      while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end++;
      out.push(codeBlock(lines.slice(at + 1, end).join("\n")));
      at = end + 1;
    } else if (RULE.test(line)) {
      out.push(document.createElement("hr"));
      at++;
    } else if (/^#{1,6}\s/.test(line)) {
      const level = line.indexOf(" ");
      out.push(node(`h${Math.min(6, level + 1)}`, inline(line.slice(level + 1))));
      at++;
    } else if (/^\s*>/.test(line)) {
      let end = at;
      while (end < lines.length && /^\s*>/.test(lines[end])) end++;
      out.push(node("blockquote", blocks(lines.slice(at, end).map(l => l.replace(/^\s*> ?/, "")))));
      at = end;
    } else if (ITEM.test(line)) {
      let end = at;
      while (end < lines.length && (ITEM.test(lines[end]) || (/^\s+\S/.test(lines[end])))) end++;
      out.push(list(lines.slice(at, end)));
      at = end;
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/.test(lines[at + 1] ?? "")) {
      let end = at + 2;
      while (end < lines.length && lines[end].includes("|")) end++;
      out.push(table(lines.slice(at, end)));
      at = end;
    } else {
      let end = at + 1;
      while (end < lines.length && lines[end].trim() && !FENCE.test(lines[end]) && !ITEM.test(lines[end])
        && !/^(#{1,6}\s|\s*>)/.test(lines[end])) end++;
      out.push(node("p", inline(lines.slice(at, end).join("\n"))));
      at = end;
    }
  }
  return out;
}

function codeBlock(code) {
  const copy = node("button", ["Copy"]);
  copy.type = "button";
  copy.addEventListener("click", () => navigator.clipboard?.writeText(code).then(() => { copy.textContent = "Copied"; }));
  return node("pre", [node("code", [code]), copy]);
}

function list(lines) {
  const first = ITEM.exec(lines[0]);
  const result = node(/\d/.test(first[2]) ? "ol" : "ul", []);
  if (/\d/.test(first[2])) result.start = parseInt(first[2], 10);
  let item = null;
  for (const line of lines) {
    const match = ITEM.exec(line);
    if (match && match[1].length <= first[1].length + 1) {
      item = { own: match[3], below: [] };
      result.append(node("li", []));
      result.lastChild.item = item;
    } else {
      item.below.push(line.replace(/^\s{1,4}/, ""));
    }
  }
  for (const entry of result.children) {
    entry.append(...inline(entry.item.own), ...blocks(entry.item.below));
  }
  return result;
}

function table(lines) {
  const cells = line => line.trim().replace(/^\||\|$/g, "").split("|");
  const row = (line, tag) => node("tr", cells(line).map(cell => node(tag, inline(cell.trim()))));
  return node("table", [
    node("thead", [row(lines[0], "th")]),
    node("tbody", lines.slice(2).map(line => row(line, "td"))),
  ]);
}

const INLINE = /(`+)([\s\S]*?[^`])\1(?!`)|\*\*([\s\S]+?)\*\*|\*([^\s*][^*]*?)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/;

function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return text ? [document.createTextNode(text)] : [];
  const [whole, , code, strong, emphasis, label, href] = match;
  let element;
  if (code !== undefined) element = node("code", [code]);
  else if (strong !== undefined) element = node("strong", inline(strong));
  else if (emphasis !== undefined) element = node("em", inline(emphasis));
  else {
    element = node("a", inline(label));
    element.href = href;
    element.rel = "noreferrer noopener";
    element.target = "_blank";
  }
  return [...inline(text.slice(0, match.index)), element, ...inline(text.slice(match.index + whole.length))];
}

function node(tag, children) {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}
