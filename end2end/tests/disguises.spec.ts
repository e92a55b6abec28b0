import { expect, test } from '@playwright/test';
import { disguises } from '../support/disguises.ts';

const secret = 'Zq3-_0aB~c/d+e9';

for (const [name, disguise] of Object.entries({
  'as it is': (text: string) => text,
  'in a URL': (text: string) => encodeURIComponent(text),
  'in hex': (text: string) => Buffer.from(text).toString('hex'),
  'in base64': (text: string) => Buffer.from(text).toString('base64'),
  'in base64url': (text: string) => Buffer.from(text).toString('base64url'),
})) {
  test(`a secret is found ${name}, whatever stands around it`, () => {
    for (const before of ['', 'x', 'xy', 'xyz']) {
      for (const after of ['', '"', '"}', '"}\n']) {
        const text = disguise(before + secret + after);
        expect(disguises(secret).some((form) => text.includes(form)), text).toBe(true);
      }
    }
    const other = disguise('something else entirely');
    expect(disguises(secret).some((form) => other.includes(form))).toBe(false);
  });
}
