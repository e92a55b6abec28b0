import { announce, IndependentProvider, type Software } from './independent.ts';
import { freePorts } from './ports.ts';
import { randomSecret, Site } from './site.ts';
import { test as base, expect } from './test.ts';

export { expect };

type Fixtures = {
  /** Which provider. */
  software: Software;
  /** The provider that runs for this test. */
  idp: IndependentProvider;
};

/** Tests of `confidant serve` without its demo, at a provider that this project did not write. */
export const test = base.extend<Fixtures & { app: { port: number; origin: string; secret: string } }>({
  software: [undefined as unknown as Software, { option: true }],

  app: async ({}, use) => {
    const [port] = await freePorts(1);
    await use({ port: port!, origin: `http://localhost:${port}`, secret: randomSecret() });
  },

  idp: async ({ software, app }, use, info) => {
    const idp = await IndependentProvider.start(software, app, info.outputPath('provider'));
    announce(software.name, idp.version, info);
    await use(idp);
    await idp.stop();
  },

  site: async ({ idp, app }, use, info) => {
    const { port, secret } = app;
    const config = ({ origin }: { origin: string }) => configuration(idp, origin);
    const site = await Site.start(info.outputPath('site'), { config, external: { port, secret } });
    await use(site);
    await site.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: await site.log(), contentType: 'text/plain' });
    }
  },
});

function configuration({ issuer, software }: IndependentProvider, origin: string): string {
  return `
    public_url = "${origin}"
    key_file = "confidant.keys"
    exchange_log = ${software.exchangeLog}

    [[providers]]
    id = "independent"
    name = "${software.name}"
    issuer = "${issuer}"
    client_id = "confidant-web"
    client_secret = { env = "DEMO_CLIENT_SECRET" }
    mediated = true
    public_client_id = "confidant-spa"
    ${software.settings}

    [[apis]]
    id = "account"
    provider = "independent"
    upstream = "${issuer}"
    routes = ["GET ${software.userinfo}"]
  `;
}
