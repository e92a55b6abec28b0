import { chromium } from '@playwright/test';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking'] });
const ctx = await b.newContext({ viewport: { width: 1280, height: 900 } }); let page;
const log = (p, n) => { p.on('console', m => console.log(n, 'console', m.type(), m.text())); p.on('pageerror', e => console.log(n, 'pageerror', e.message)); };
async function drive(p) {
  while (!p.isClosed()) {
    try {
      const t = await p.title();
      if (t.startsWith('Sign in ·') ) { await p.getByLabel('Username').fill('alice'); await p.getByLabel('Password', { exact: true }).fill('lantern-42'); await p.getByRole('button', { name: 'Sign in', exact: true }).click(); }
      const allow = p.getByRole('button', { name: 'Allow' }); if (await allow.count()) await allow.click();
    } catch {}
    await new Promise(r => setTimeout(r, 150));
  }
}
page = await ctx.newPage(); log(page, 'main');
await page.goto('http://localhost:3100/compare'); await page.waitForTimeout(1500);
await page.screenshot({ path: '/tmp/look/compare-0.png', fullPage: true });
const only = process.argv[2];
if (only) for (const box of await page.locator('input[name=kind]').all()) if ((await box.getAttribute('value')) !== only) await box.uncheck();
await page.getByRole('button', { name: 'Run' }).click(); drive(page);
for (let i = 0; i < 150; i++) { await page.waitForTimeout(1000); const t = (await page.locator('#compare-progress').innerText({timeout:20000}).catch(()=>'away')).replaceAll('\n',' '); if (i % 5 === 0) console.log(t); if (t.startsWith('Done')) break; }
await page.screenshot({ path: '/tmp/look/compare-1.png', fullPage: true });
console.log((await page.locator('table').first().innerText()).slice(0, 4000));
for (const t of await page.locator('td.lost').allInnerTexts()) console.log('LOST', t);
await b.close();
