// What is pasted, from Word and its like, brought to what the site allows: the words and their structure, no looks.

/** The HTML of a clipboard without what word processors add; bold, italic and lists that are only looks become themselves. */
export function cleaned(html) {
  const page = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->|<\?xml[\s\S]*?>/g, ""), "text/html");
  for (const part of page.querySelectorAll("style, script, meta, link, title, xml, template")) part.remove();
  lists(page);
  for (const part of page.body.querySelectorAll("*")) {
    const looks = part.getAttribute("style") || "";
    if (part.matches("b, strong") && /font-weight:\s*(normal|400)/i.test(looks)) unwrap(part);
    else if (part.matches("span, font, a")) dress(page, part, looks);
  }
  for (const part of [...page.body.querySelectorAll("*")]) {
    part.removeAttribute("style");
    part.removeAttribute("class");
    if (/:/.test(part.localName) || part.matches("img:not([data-media])")) unwrap(part);
  }
  return page.body.innerHTML;
}

/** Word writes items as paragraphs that begin with a sign, told by `mso-list`. */
function lists(page) {
  let stack = [];
  for (const item of page.querySelectorAll("p")) {
    const looks = item.getAttribute("style") || "";
    const level = Number((/mso-list:[^;]*level(\d)/.exec(looks) || [])[1] || 0);
    if (!level) {
      if (item.textContent.trim()) stack = [];
      continue;
    }
    const sign = item.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']") || item.firstElementChild;
    const numbered = /^\s*\(?(\d+|[a-z]|[ivx]+)[.)]/i.test((sign || item).textContent);
    if (sign && /Ignore/i.test(sign.getAttribute("style") || sign.innerHTML)) sign.remove();
    else item.innerHTML = item.innerHTML.replace(/^\s*(?:[·•o§–-]|\d+[.)])(?:\s|&nbsp;)+/, "");
    stack = stack.slice(0, level);
    while (stack.length < level) {
      const list = page.createElement(numbered ? "ol" : "ul");
      const above = stack[stack.length - 1];
      if (above) (above.lastElementChild || above.appendChild(page.createElement("li"))).append(list);
      else item.before(list);
      stack.push(list);
    }
    const row = page.createElement("li");
    stack[level - 1].append(row);
    row.append(item);
  }
}

function dress(page, part, looks) {
  for (const [name, told] of [["strong", /font-weight:\s*(bold|[6-9]00)/i], ["em", /font-style:\s*italic/i]]) {
    if (!told.test(looks)) continue;
    const inner = page.createElement(name);
    inner.append(...part.childNodes);
    part.append(inner);
  }
}

function unwrap(part) {
  part.replaceWith(...part.childNodes);
}
