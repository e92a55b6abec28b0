import { test as base, expect, type BrowserContextOptions, type Page } from '@playwright/test';
import { ConsoleGuard } from './console.ts';
import { Elsewhere } from './elsewhere.ts';
import { Site, type Options } from './site.ts';

export { expect };

type Fixtures = {
  /** How this test's deployment differs from the demo. */
  deployment: Options;
  /** This test's own deployment. */
  site: Site;
  /** Another site. */
  elsewhere: Elsewhere;
  /** Fails the test when a console shows an error. */
  guard: ConsoleGuard;
  /** Opens a browser of its own for one more person. */
  somebody: (options?: BrowserContextOptions) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  deployment: [{}, { option: true }],

  site: async ({ deployment }, use, info) => {
    const site = await Site.start(info.outputPath('site'), deployment);
    await use(site);
    await site.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: await site.log(), contentType: 'text/plain' });
    }
  },

  elsewhere: async ({}, use) => {
    const elsewhere = await Elsewhere.start();
    await use(elsewhere);
    await elsewhere.stop();
  },

  baseURL: async ({ site }, use) => use(site.origin),

  guard: [
    async ({ context }, use) => {
      const guard = new ConsoleGuard();
      guard.watch(context);
      await use(guard);
      expect(guard.unexpected(), 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],

  somebody: async ({ browser, guard, baseURL, contextOptions }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, baseURL, ...options });
      contexts.push(context);
      guard.watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
