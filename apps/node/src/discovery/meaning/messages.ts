/** Between the node and the thread that embeds texts. */
export type EmbedRequest = { id: number; texts: string[] };
/** The first message has no id: the model is there, and what its file's digest is; or why not. */
export type EmbedAnswer = { ready: string } | { failed: string } | { id: number; vectors: Float32Array[] } | { id: number; error: string };
