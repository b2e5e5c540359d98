/** The server's output, message by message: what is no message never reaches the reader, which would wait for ever. */
import { Transform, type TransformCallback } from 'node:stream';

const SEPARATOR = Buffer.from('\r\n\r\n');

const LONGEST_HEADER = 1_000;
/** Bytes in which a header must have ended. */

export class Guard extends Transform {
  /** What was printed in place of a message. */
  strange: string | undefined;
  private held = Buffer.alloc(0);
  private body = 0;

  override _transform(piece: Buffer, _encoding: string, done: TransformCallback): void {
    let rest = this.held.length ? Buffer.concat([this.held, piece]) : piece;
    this.held = Buffer.alloc(0);
    while (rest.length && this.strange === undefined) {
      if (this.body) {
        const taken = rest.subarray(0, this.body);
        this.body -= taken.length;
        rest = rest.subarray(taken.length);
        this.push(taken);
        continue;
      }
      const end = rest.indexOf(SEPARATOR);
      const header = rest.subarray(0, end < 0 ? rest.length : end).toString('latin1');
      const length = /^content-length: *(\d+)$/im.exec(header.replace(/\r/g, ''))?.[1];
      if (!begins(header) || (end < 0 ? rest.length > LONGEST_HEADER : length === undefined)) {
        this.strange = rest.subarray(0, 200).toString('utf8');
        this.emit('strange', this.strange);
        this.push(null);
      } else if (end < 0) {
        this.held = Buffer.from(rest);
        break;
      } else {
        this.body = Number(length);
        this.push(rest.subarray(0, end + SEPARATOR.length));
        rest = rest.subarray(end + SEPARATOR.length);
      }
    }
    done();
  }
}

const NAMES = ['content-length:', 'content-type:'];

/** Whether it is a header, or the beginning of one. */
function begins(header: string): boolean {
  const lines = header.toLowerCase().replace(/\r/g, '').split('\n');
  return lines.every((line) => NAMES.some((name) => line.startsWith(name) || name.startsWith(line)));
}
