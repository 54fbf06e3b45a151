const [LONGEST_PATH, LONGEST_PART] = [1_000, 255];
/** Names that are devices elsewhere. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Why a file of a folder cannot be called so on every system, in words; undefined where it can. */
export function findPathProblem(path: string): string | undefined {
  const named = JSON.stringify(path.slice(0, 200));
  const parts = path.split('/');
  if (path === '' || path.length > LONGEST_PATH) return `a path has 1 to ${LONGEST_PATH} characters, not ${path.length}: ${named}`;
  if (!path.isWellFormed() || path.includes('\uFFFD')) return `${named} is no text`;
  if (path !== path.normalize('NFC')) return `${named} is not in the normal form NFC`;
  if (/[\p{Cc}\p{Cf}]/u.test(path)) return `${named} holds control characters`;
  if (/[\\:*?"<>|]/.test(path)) return `${named} holds a character that other systems have another use for (\\ : * ? " < > |)`;
  if (path.startsWith('/')) return `${named} begins at the root`;
  if (parts.includes('..')) return `${named} leads out of its folder`;
  if (parts.some((part) => part === '' || part === '.')) return `${named} has an empty part`;
  if (parts.some((part) => part.startsWith('.'))) return `${named} is hidden, and what is hidden may be run by programs`;
  if (parts.some((part) => part.length > LONGEST_PART)) return `${named} has a part of more than ${LONGEST_PART} characters`;
  if (parts.some((part) => /[. ]$/.test(part) || part.startsWith(' '))) return `${named} has a part that begins or ends with a blank, or ends with a full stop`;
  return parts.some((part) => DEVICE.test(part)) ? `${named} is the name of a device elsewhere` : undefined;
}

/** Two paths that are one on systems that do not tell letters' case apart, or a file where a folder is, in words. */
export function findPathsProblem(paths: readonly string[]): string | undefined {
  const known = new Map<string, { path: string; file: boolean }>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const here = parts.slice(0, length).join('/');
      const file = length === parts.length;
      const key = here.normalize('NFC').toLowerCase();
      const before = known.get(key);
      if (before && (before.file || file || before.path !== here)) return `${JSON.stringify(before.path)} and ${JSON.stringify(here)} are one elsewhere`;
      if (!before) known.set(key, { path: here, file });
    }
  }
  return undefined;
}
