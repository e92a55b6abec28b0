import { createServer } from 'node:net';

/**
 * Not the ports that the system itself gives out, Linux those from 32768 on:
 * between the moment when one is found and the moment when a server takes it,
 * any connection of a browser may be given it.
 */
const FIRST = 15_000;
const COUNT = 17_000;

/** Workers that were started one after the other begin far apart. */
let next = (process.pid * 1009) % COUNT;

/** Ports on 127.0.0.1 that nobody uses, and that were not given out before. */
export async function freePorts(count: number): Promise<number[]> {
  const free: number[] = [];
  for (let tried = 0; free.length < count; tried += 1) {
    if (tried === COUNT) throw new Error('every port is taken');
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) free.push(port);
  }
  return free;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => done(true));
  });
  await new Promise((closed) => server.close(closed));
  return free;
}
