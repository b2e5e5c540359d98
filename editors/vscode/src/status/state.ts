/** How it stands with the repositories of this window, from what the server tells. */
import type { IndexBlock, Problem } from '../protocol';

/** `wherein/stateChanged` */
export interface StateTold {
  root: string;
  /** of the workspace, that lie in it */
  folders: string[];
  state: 'starting' | 'indexing' | 'idle' | 'failed' | 'stopped';
  progress: { files_done: number; files_total: number } | null;
  problem: Problem | null;
}

/** `wherein/indexChanged` */
export interface IndexTold {
  root: string;
  index: IndexBlock;
}

export interface Look {
  text: string;
  tooltip: string;
  /** whether something is wrong that the user can mend */
  wrong: boolean;
}

export class Standing {
  private readonly states = new Map<string, StateTold>();
  private readonly indexes = new Map<string, IndexBlock>();

  state(told: StateTold): void {
    this.states.set(told.root, told);
  }

  index(told: IndexTold): void {
    this.indexes.set(told.root, told.index);
  }

  /** What came with an answer counts as well. */
  answered(index: IndexBlock | undefined): void {
    for (const [root, known] of this.indexes) {
      if (index && known.repository === index.repository) {
        this.indexes.set(root, index);
      }
    }
  }

  clear(): void {
    this.states.clear();
    this.indexes.clear();
  }

  /** What to show of the folders that are open: the server has no word for one that was closed. */
  look(isOpen: (folder: string) => boolean): Look {
    const states = [...this.states.values()].filter((each) => each.folders.some(isOpen));
    const failed = states.find((each) => each.state === 'failed');
    if (failed) {
      return { text: '$(warning) wherein', tooltip: failed.problem?.message ?? 'Indexing failed.', wrong: true };
    }
    const indexing = states.filter((each) => each.state === 'indexing');
    if (indexing.length) {
      const done = sum(indexing, 'files_done');
      const total = Math.max(1, sum(indexing, 'files_total'));
      const percent = Math.min(100, Math.floor((100 * done) / total));
      const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} files`;
      return { text: `$(sync~spin) wherein ${percent}%`, tooltip: `Indexing: ${counted}.`, wrong: false };
    }
    if (states.some((each) => each.state === 'stopped')) {
      return { text: '$(debug-pause) wherein', tooltip: 'Indexing was stopped; the next change continues it.', wrong: false };
    }
    const blocks = states.map((each) => this.indexes.get(each.root)).filter((each) => each !== undefined);
    const behind = blocks.reduce((total, each) => total + (each.behind ?? 0), 0);
    if (behind) {
      const files = behind === 1 ? 'One file differs' : `${behind.toLocaleString('en')} files differ`;
      return { text: '$(history) wherein', tooltip: `${files} from the index.`, wrong: false };
    }
    if (states.some((each) => each.state === 'starting')) {
      return { text: '$(sync~spin) wherein', tooltip: 'Looking at what has changed.', wrong: false };
    }
    if (!blocks.length) {
      return { text: '$(search) wherein', tooltip: 'Nothing is indexed yet.', wrong: false };
    }
    if (blocks.some((each) => !each.complete)) {
      return { text: '$(history) wherein', tooltip: 'The index is not complete yet.', wrong: false };
    }
    return { text: '$(check) wherein', tooltip: 'The index is up to date.', wrong: false };
  }
}

function sum(told: StateTold[], name: 'files_done' | 'files_total'): number {
  return told.reduce((total, each) => total + (each.progress?.[name] ?? 0), 0);
}
