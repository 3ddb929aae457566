/* Where files are dropped: the one way in which a part of a page shows that it takes them, and takes them. */

/**
 * `zoneOf` gives, for what the pointer is over, the element that takes files, or null; it has the `classes` while they
 * are held over it. `take` gets the files and that element. `root` is listened to: `document` where parts are replaced.
 */
export function dropping(root, zoneOf, take, classes = ["is-over"]) {
  const over = (event) => {
    if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return null;
    return event.target.closest ? zoneOf(event.target) : null;
  };
  for (const kind of ["dragenter", "dragover"]) root.addEventListener(kind, (event) => {
    const zone = over(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.add(...classes);
  });
  for (const kind of ["dragleave", "dragend"]) root.addEventListener(kind, (event) => { over(event)?.classList.remove(...classes); });
  root.addEventListener("drop", (event) => {
    const zone = over(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.remove(...classes);
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files], zone);
  });
}
