/* Text of a page that cannot be read: what is cut at an edge, or lies before the left one, where nothing scrolls to
   it, and short words of tables and links that are folded inside. `scrolling` names what may scroll to the right. */
scrolling => {
  const found = [], range = document.createRange(), edge = document.documentElement.clientWidth;
  const words = /(?<![\p{L}\d])[\p{L}\d]{2,12}(?![\p{L}\d])/gu;
  const shown = text => {
    const around = text.parentElement, look = getComputedStyle(around);
    return look.visibility !== 'hidden' && around.offsetParent !== null &&
      !around.closest('script, style, .visually-hidden, .headerlink');
  };
  const limits = text => {
    let left = 0, right = edge;
    for (let up = text.parentElement; up && up !== document.body; up = up.parentElement) {
      const look = getComputedStyle(up);
      if (look.overflowX === 'visible') continue;
      const box = up.getBoundingClientRect(), moves = up.matches(scrolling);
      // What scrolls can be brought to the right edge, and never to what lies before its first pixel.
      left = Math.max(left, box.left - (moves ? up.scrollLeft : 0));
      right = look.textOverflow === 'ellipsis' || moves ? Infinity : Math.min(right, box.right);
      if (moves) break;
    }
    return [left, right];
  };
  const walker = document.createTreeWalker(document.querySelector('.bd-main') || document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || !shown(text)) continue;
    range.selectNodeContents(text);
    const [left, right] = limits(text);
    const out = [...range.getClientRects()].find(r => r.width > 1 && (r.right > right + 1.5 || r.left < left - 1.5));
    if (out) found.push('text is cut: ' + text.data.trim().slice(0, 60));
    if (!text.parentElement.closest('table.table:not(.genindextable), .prev-next-info')) continue;
    for (const word of text.data.matchAll(words)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
      if (lines.size > 1) found.push('a word is folded: ' + word[0] + ' in ' + text.data.trim().slice(0, 40));
    }
  }
  return found.slice(0, 3);
}
