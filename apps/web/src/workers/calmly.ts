const PAUSE_MS = 100;

type Staged = { stage: string; done: number; total?: number };

/** Passes progress on ten times a second at most, the first and the last of a stage always: a page that is told of every chunk does little else. */
export function calmly<Progress extends Staged>(report: (progress: Progress) => void): (progress: Progress) => void {
  let stage = '';
  let toldAt = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && progress.done !== progress.total && now - toldAt < PAUSE_MS) return;
    ({ stage } = progress);
    toldAt = now;
    report(progress);
  };
}
