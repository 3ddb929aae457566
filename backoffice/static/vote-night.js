/* The board of count night asks for itself again; without this file the page is loaded anew each minute. */
"use strict";

(() => {
  const board = document.querySelector("[data-again]");
  if (!board) return;
  const ask = async () => {
    try {
      const answer = await fetch(board.dataset.again);
      if (answer.ok && !answer.redirected && !board.contains(document.activeElement)) board.innerHTML = await answer.text();
    } catch { /* the network comes back */ }
    setTimeout(ask, 5000);
  };
  setTimeout(ask, 5000);
})();
