/** Who calls what is under the cursor, and what it calls. */
import { after, before } from 'node:test';
import type { CodeServer } from './code_server';
import { committed } from './repository';
import { ended, scene as play, SERVER, started } from './stage';
import { until } from './until';
import { Window } from './window';

const FILES = {
  'shapes.py': 'class Shape:\n    def area(self):\n        raise NotImplementedError\n\n\nclass Square(Shape):\n    def area(self):\n        return 4\n',
  'paint.py':
    'from shapes import Square\n\n\ndef painted(square: Square):\n    return square.area() * 2\n\n\ndef total(shapes):\n    return sum(shape.area() for shape in shapes)\n',
};

let code: CodeServer;
let window: Window;

before(async () => {
  const place = committed('shapes', FILES);
  code = await started({ settings: { 'wherein.server.path': SERVER } });
  window = await Window.open(code.url({ folder: place }));
});

after(ended);

/** Once more where not all is indexed yet, or a busy editor has given the focus to something else, which closes a list. */
async function listed(command: string, result: string, title: RegExp): Promise<void> {
  await until(`${command} lists ${result}`, async () => {
    await window.command(command);
    await window.row(result).waitFor({ timeout: 30_000 });
    return title.test((await window.title.textContent()) ?? '');
  });
}

play('who calls what is under the cursor is listed and opened at the call, and so is what it calls', () => window, async () => {
  const { page, row, cursor } = window;
  await window.file('shapes.py', 7);
  await listed('wherein: Find Callers', 'painted', /^wherein: Callers of Square\.area · Possibly, because Shape\.area is called there/);
  await row('total (possibly)').waitFor();
  await window.tab('paint.py').waitFor(); // the preview of the first one
  await window.shot('callers');
  await page.keyboard.press('Enter');
  await window.title.waitFor({ state: 'hidden' });
  await window.tab('paint.py').waitFor();
  await cursor.filter({ hasText: 'Ln 5, Col 19' }).waitFor();
  await window.file('paint.py', 4);
  await listed('wherein: Find What It Calls', 'Square.area', /^wherein: Called by painted$/);
  await page.keyboard.press('Escape');
  await window.command('wherein: Find Callers');
  await window.note('Nothing in the repository is known to call painted.').waitFor();
});
