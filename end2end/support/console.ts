import type { BrowserContext } from '@playwright/test';

/**
 * Notes every error that a browser's console shows and every exception that no
 * script caught. A test that provokes one says so beforehand.
 */
export class ConsoleGuard {
  private readonly errors: string[] = [];
  private readonly expected: RegExp[] = [
    // Leptos has the WebAssembly preloaded, which a browser without scripts
    // never uses, and a busy machine not within "a few seconds".
    /^warning: The resource .+\.wasm was preloaded using link preload but not used/,
  ];

  /** Watches all pages of a context, those to come included. */
  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.errors.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.errors.push(`exception: ${error.error().stack}`));
  }

  /** Lets errors of this form pass. */
  expect(form: RegExp): void {
    this.expected.push(form);
  }

  /** The browser notes every answer of 400 and above, the page's own included; all of them, or one path's. */
  expectStatus(status: number, path = ''): void {
    this.expect(new RegExp(`the server responded with a status of ${status} .*${path}\\)$`));
  }

  /** What was noted and not expected. */
  unexpected(): string[] {
    return this.errors.filter((error) => !this.expected.some((form) => form.test(error)));
  }
}
