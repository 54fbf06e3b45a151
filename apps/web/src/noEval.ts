/**
 * Comes before everything else: zod looks here when it is loaded, and then makes no code from text. The site's policy forbids that, and browsers report already the attempt.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
