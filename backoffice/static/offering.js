/* What matches is offered while one types: the one way, for fields that name records and for the visual editor. */

const WAIT = 200; // milliseconds without a key
const LEAST = 2; // letters

/**
 * Ask `address` for what is typed into `input` and put one button for each answer into `list`. `label` gives its words,
 * `choose` gets what was chosen. `fits` sorts out answers, `asked` words that nothing is asked for; `told` gets how many
 * there are, null while there is nothing to say.
 */
export function offering(input, list, address, { label, choose, fits = () => true, asked = () => true, told = () => {}, most = 50 }) {
  let waiting = 0;
  const clear = () => { list.replaceChildren(); told(null); };
  const ask = async () => {
    const text = input.value.trim();
    clear();
    if (text.length < LEAST || !asked(text)) return;
    const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || input.value.trim() !== text) return;
    const found = (await answer.json()).filter(fits).slice(0, most);
    told(found.length);
    for (const one of found) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet small";
      button.append(...[label(one)].flat());
      button.addEventListener("click", () => { choose(one); clear(); });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
}
