import { NeuroError } from '@neurodata/protocol';
import type { Context } from './context.ts';
import { sessionFile } from './sessionFile.ts';

/** Throws UNAUTHENTICATED where nobody is signed in to the node. */
export async function needSession(context: Context): Promise<void> {
  if ((await sessionFile(context.settings.home, context.url).credential()) === undefined) throw new NeuroError('Nobody is signed in.', { code: 'UNAUTHENTICATED', remedy: 'Run `neurodata auth login` first.' });
}
