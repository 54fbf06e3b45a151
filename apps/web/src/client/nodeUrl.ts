/** The node that served this page. */
export const nodeUrl: string = globalThis.location.origin;
