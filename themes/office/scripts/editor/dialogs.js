// The dialogs of links and pictures. Their words are in the page, in the template that `backoffice` wrote.
import { allowed } from "./schema.js";
import { offering } from "../../../../backoffice/static/offering.js";

/**
 * Ask for an address. Gives {href, text}, "remove", or null when the person gave up.
 * `words` is the text that the link will be on, "" when there is none yet.
 */
export function askLink(parts, href, words) {
  const dialog = opened(parts, "[data-dialog=link]");
  const address = dialog.querySelector("[data-address]");
  const text = dialog.querySelector("[data-text]");
  const fault = dialog.querySelector("[data-fault]");
  address.value = href;
  text.value = words;
  text.closest("[data-row]").hidden = Boolean(words);
  dialog.querySelector("[data-remove]").hidden = !href;
  const say = (sentence) => {
    fault.textContent = sentence;
    fault.hidden = !sentence;
    if (sentence) address.setAttribute("aria-invalid", "true");
    else address.removeAttribute("aria-invalid");
  };
  offer(dialog, address, dialog.dataset.search, (found) => {
    address.value = found.address;
    if (!text.value) text.value = found.title;
    say("");
  });
  return answered(dialog, () => {
    const wanted = complete(address.value);
    if (!wanted) return say(fault.dataset.empty);
    if (!allowed(wanted)) return say(fault.dataset.wrong);
    return { href: wanted, text: text.value.trim() || wanted.replace(/^(mailto:|https?:\/\/)/, "") };
  });
}

/** Ask for a picture of the media library. Gives {src, alt} or null. */
export function askPicture(parts, search) {
  const dialog = opened(parts, "[data-dialog=picture]");
  const [wanted, alt, fault] = ["[data-address]", "[data-text]", "[data-fault]"].map((name) => dialog.querySelector(name));
  let chosen = "";
  offer(dialog, wanted, search, (found) => {
    chosen = `media/${found.path}`;
    wanted.value = found.title || found.path;
    alt.value = found.alt || "";
    alt.focus();
  });
  return answered(dialog, () => {
    fault.hidden = Boolean(chosen && alt.value.trim());
    fault.textContent = chosen ? fault.dataset.wrong : fault.dataset.empty;
    return fault.hidden ? { src: chosen, alt: alt.value.trim() } : undefined;
  });
}

/** The address as it is meant: `www.` and mail addresses are completed. */
function complete(typed) {
  const address = typed.trim();
  if (/^www\./i.test(address)) return `https://${address}`;
  return /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address) ? `mailto:${address}` : address;
}

function opened(parts, name) {
  const dialog = parts.querySelector(name).cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function answered(dialog, read) {
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const accept = () => {
      const answer = read();
      if (answer !== undefined) close(answer);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    dialog.querySelector("[data-accept]").addEventListener("click", accept);
    dialog.querySelector("[data-cancel]").addEventListener("click", () => close(null));
    dialog.querySelector("[data-remove]")?.addEventListener("click", () => close("remove"));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      accept();
    });
  });
}

/** Records or pictures that match what is typed, as buttons; a status says how many. */
function offer(dialog, input, search, choose) {
  const told = dialog.querySelector("[data-told]");
  offering(input, dialog.querySelector("[data-found]"), search, {
    most: 8,
    asked: (text) => !/^[a-z]+:|^www\./i.test(text),
    fits: (one) => !one.path || one.kind === "photo",
    told: (count) => { told.textContent = count === null ? "" : count ? told.dataset.some.replace("#", count) : told.dataset.none; },
    label: (one) => {
      const words = one.path || !one.kind ? one.title || one.path : `${one.title} (${one.kind})`;
      if (!one.small) return words;
      const picture = document.createElement("img");
      [picture.src, picture.alt] = [one.small, ""];
      return [picture, words];
    },
    choose,
  });
}
