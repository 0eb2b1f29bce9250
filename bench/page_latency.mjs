// How long an officer waits: from the reader's last key to the frame in which the verdict stands on the page, in a real browser.
import { openBrowser } from '../tests/browser/support/browser.mjs';
import { Desk } from '../tests/browser/support/desk.mjs';

// In the page: the time of each last key (an event's own time stamp, so waiting for the page's script counts) and of the frame
// after the panel changed to a verdict.
function watchVerdicts() {
  const waits = [];
  let pressed = null;
  window.verdictWaits = waits;
  addEventListener('keydown', (event) => { if (event.code === 'Enter') pressed = event.timeStamp; }, { capture: true });
  new MutationObserver((changes) => {
    const shown = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === 1 && (node.matches('section.appears') || node.querySelector('section.appears'))));
    if (!shown || pressed === null) return;
    const from = pressed;
    pressed = null;
    requestAnimationFrame(() => waits.push(performance.now() - from));
  }).observe(document, { subtree: true, childList: true });
}

// Milliseconds of each scan of `documents`, one after the other, at the desk of `post`: the first `split` before `between` is
// called, the others after it.
export async function pageLatency({ post, officer, documents, split, between }) {
  const browser = await openBrowser();
  try {
    const desk = await Desk.open(browser, post.url);
    await desk.startShift(officer, 'exit');
    await desk.page.evaluate(watchVerdicts);
    for (const [i, text] of documents.entries()) {
      if (i === split) await between();
      await desk.serve(text, 'Enter', { paced: true });
    }
    const waits = await desk.page.evaluate(() => window.verdictWaits);
    if (waits.length !== documents.length) throw new Error(`${documents.length} scans, ${waits.length} verdicts were seen`);
    return { before: waits.slice(0, split), after: waits.slice(split) };
  } finally { await browser.close(); }
}
