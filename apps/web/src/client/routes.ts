/** What describes every route, in a chunk that is loaded when one is called that the first view does not need. */
export { routes } from '@neurodata/protocol';
