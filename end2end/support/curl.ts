import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What curl brought back. */
export type Reply = { status: number; location: string; body: string };

/** The curl that everybody has, with a cookie jar of its own. */
export class Curl {
  private readonly jar: string;

  constructor(folder: string) {
    this.jar = join(folder, 'curl.cookies');
  }

  /** `X-CSRF: 1` is what a program sends that is no browser. */
  async get(url: string): Promise<Reply> {
    return this.send(['--header', 'X-CSRF: 1', url]);
  }

  /** Sends a form. */
  async post(url: string, form: Record<string, string> = {}): Promise<Reply> {
    const fields = Object.entries(form).flatMap(([name, value]) => [
      '--data-urlencode',
      `${name}=${value}`,
    ]);
    return this.send(['--request', 'POST', '--header', 'X-CSRF: 1', ...fields, url]);
  }

  private async send(words: string[]): Promise<Reply> {
    const { stdout } = await run('curl', [
      ...['--silent', '--show-error', '--max-time', '20', '--noproxy', '*'],
      ...['--cookie', this.jar, '--cookie-jar', this.jar],
      ...['--write-out', '\n%{http_code} %{redirect_url}'],
      ...words,
    ]);
    const end = stdout.lastIndexOf('\n');
    const [status = '', location = ''] = stdout.slice(end + 1).split(' ');
    return { status: Number(status), location, body: stdout.slice(0, end) };
  }
}

/** The hidden fields of the only form on a page. */
export function hidden(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries(
    [...inputs].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]),
  );
}
