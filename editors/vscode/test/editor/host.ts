/** The extension host of a window, through the extension of test/host that runs in it. */
import * as http from 'node:http';
import * as path from 'node:path';
import { until } from './until';

export const TEST_EXTENSION = path.resolve('out/host');

export class Host {
  constructor(readonly socket: string) {}

  async answers(): Promise<void> {
    await until('the extension of the tests answers', async () => (await this.names()).length > 0);
  }

  /** of all tests in it */
  names(): Promise<string[]> {
    return this.run('tests') as Promise<string[]>;
  }

  /** Runs a test, or an act, in it; what fails there fails here. */
  async run(name: string, ...given: unknown[]): Promise<unknown> {
    const told = JSON.parse(await this.post(JSON.stringify({ name, given }))) as { result?: unknown; error?: string };
    if (told.error !== undefined) {
      throw new Error(`in the extension host: ${told.error}`);
    }
    return told.result;
  }

  private post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: this.socket, method: 'POST' }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => resolve(Buffer.concat(pieces).toString()));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
