import { SingleBar } from 'cli-progress';
import { colours } from './output.ts';
import { readCliSettings } from './settings.ts';

/** Something that goes on, told on stderr: a bar on a terminal, a line per stage elsewhere, or where NEURODATA_PROGRESS is `json` an object a line. */
export type Progress = {
  /** `total` undefined: how far it is, but not of what. */
  update(stage: string, done: number, total?: number, note?: string): void;
  stop(): void;
};

/** Progress in bytes (shown as MB) or in counts (shown as 2/3). */
export function createProgress(unit: 'bytes' | 'counts'): Progress {
  if (readCliSettings().jsonProgress) return jsonProgress(unit);
  return process.stderr.isTTY ? barProgress(unit) : lineProgress();
}

function barProgress(unit: 'bytes' | 'counts'): Progress {
  let bar: SingleBar | undefined;
  let current = '';
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    update(stage, done, total, note = '') {
      if (stage !== current || !bar) {
        stop();
        current = stage;
        bar = new SingleBar({ format: formatLine(unit), stream: process.stderr, hideCursor: true, barsize: 28, fps: 15, barCompleteChar: '█', barIncompleteChar: '░', gracefulExit: true });
        bar.start(total ?? Math.max(done, 1), 0, { stage, note, shown: '' });
      }
      if (total === undefined && done > bar.getTotal()) bar.setTotal(done);
      if (total !== undefined) bar.setTotal(total);
      bar.update(done, { stage, note, shown: unit === 'bytes' ? megabytes(done) : `${done}${total === undefined ? '' : `/${total}`}` });
    },
    stop,
  };
}

function formatLine(unit: string): string {
  return `{stage} ${colours.cyan('{bar}')} ${unit === 'bytes' ? '{percentage}% {shown}' : '{shown}'} {note}`;
}

function lineProgress(): Progress {
  let current = '';
  return {
    update(stage, _done, _total, note) {
      if (stage === current) return;
      current = stage;
      process.stderr.write(`${stage}${note ? ` ${note}` : ''}\n`);
    },
    stop: () => undefined,
  };
}

/** Milliseconds between two lines of the same stage. */
const TOLD_EVERY = 200;

/** `{"progress": {stage, done, total, note, unit}}`, without `total` where it is not known. The end of a stage is always told. */
function jsonProgress(unit: 'bytes' | 'counts'): Progress {
  let current = '';
  let told = 0;
  return {
    update(stage, done, total, note = '') {
      const now = performance.now();
      if (stage === current && done !== total && now - told < TOLD_EVERY) return;
      [current, told] = [stage, now];
      process.stderr.write(`${JSON.stringify({ progress: { stage, done, total, note, unit } })}\n`);
    },
    stop: () => undefined,
  };
}

export function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
