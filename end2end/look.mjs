import { chromium } from '@playwright/test';
const kinds = process.argv.slice(2);
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking'] });
const ctx = await b.newContext({ viewport: { width: 1280, height: 900 } });
const page = await ctx.newPage();
page.on('console', m => console.log('console', m.type(), m.text()));
page.on('pageerror', e => console.log('pageerror', e.message));
page.on('requestfailed', r => console.log('failed', r.url(), r.failure()?.errorText));
const shot = (n) => page.screenshot({ path: `/tmp/look/${n}.png`, fullPage: true });
await page.goto('http://localhost:3100/'); await page.waitForTimeout(800); await shot('home');
for (const kind of kinds) {
  console.log('==', kind);
  await page.goto(`http://localhost:3100/${kind}/menu`); await page.waitForTimeout(1500); await shot(`${kind}-0`);
  const btn = page.getByRole('button', { name: /^Sign in with / });
  try { await btn.click({ timeout: 5000 }); } catch (e) { console.log('no sign in button', (await page.locator('main').innerText()).slice(0, 500)); continue; }
  await page.waitForTimeout(1000);
  if ((await page.title()).startsWith('Sign in')) {
    await page.getByLabel('Username').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill('lantern-42');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForTimeout(500);
  }
  const allow = page.getByRole('button', { name: 'Allow' });
  if (await allow.count()) await allow.click();
  await page.waitForTimeout(2000); await shot(`${kind}-1`);
  console.log(page.url(), (await page.locator('h1').innerText()));
  await page.goto(`http://localhost:3100/${kind}/menu`); await page.waitForTimeout(1000);
  for (const name of ['Get profile', 'Expire and call', 'Refresh', 'Validate']) {
    const button = page.getByRole('button', { name, exact: true }).first();
    try { await button.click({ timeout: 4000 }); } catch { console.log('no button', name, (await page.locator('main').innerText()).slice(0, 600)); break; }
    await page.waitForTimeout(1200);
    console.log(name, '->', page.url(), '|', await page.locator('h1').innerText(), '|', (await page.locator('[role=alert]').allInnerTexts()).join(' '));
    await shot(`${kind}-${name.replaceAll(' ', '')}`);
    await page.getByRole('link', { name: 'Back to the menu' }).click(); await page.waitForTimeout(600);
  }
  const out = page.getByRole('button', { name: 'Sign out' });
  if (await out.count()) { await out.click(); await page.waitForTimeout(1000); console.log('out', page.url()); }
}
await b.close();
