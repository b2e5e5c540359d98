/**
 * Whether what the extension bundles has known faults. Where the registry does not answer `npm audit`: whether each package is
 * the newest that those which need it allow, for what is mended in a line is mended in its newest. Exit code 1 where it is not;
 * with --lenient only for known faults.
 */
import { spawnSync } from 'node:child_process';

const lenient = process.argv.includes('--lenient');

function npm(...given) {
  const { stdout } = spawnSync('npm', given, { encoding: 'utf8', shell: process.platform === 'win32' });
  return stdout;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function end(sentence, code) {
  console.log(sentence);
  process.exit(code);
}

const bundled = npm('ls', '--omit=dev', '--all', '--parseable').trim().split('\n').slice(1);
if (!bundled.length) {
  end('npm audit: nothing is installed; npm ci does that', 1);
}

const answered = parsed(npm('audit', '--omit=dev', '--json'));
if (answered?.vulnerabilities) {
  const known = Object.keys(answered.vulnerabilities);
  end(`npm audit: ${known.length ? `known faults in ${known.join(', ')}` : `no known faults in ${bundled.length} packages`}`, known.length ? 1 : 0);
}

const older = parsed(npm('outdated', '--all', '--json'));
if (!older) {
  end('npm audit: the registry answers neither it nor npm outdated', lenient ? 0 : 1);
}
const behind = Object.entries(older).flatMap(([name, told]) =>
  [told]
    .flat()
    .filter(({ location, current, wanted }) => bundled.includes(location) && current !== wanted)
    .map(({ current, wanted }) => `${name} ${current} (${wanted} is there)`),
);
const asked = `npm audit: the registry does not answer it; of ${bundled.length} packages`;
end(behind.length ? `${asked} these are not the newest of their lines: ${behind.join(', ')}` : `${asked} each is the newest of its line`, behind.length && !lenient ? 1 : 0);
