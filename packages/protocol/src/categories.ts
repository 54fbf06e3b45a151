/** What an asset is about: as its manifest says (`nd:category`), else by its tags and title. */
export const categories = ['health', 'biology', 'climate', 'finance', 'retail', 'transport', 'energy', 'language', 'vision', 'audio', 'social', 'government', 'science', 'sport', 'other'] as const;
export type Category = (typeof categories)[number];
/** What it is for: as its manifest says (`nd:task`), else by its tags, its model or its columns. */
export const tasks = ['classification', 'regression', 'clustering', 'forecasting', 'text', 'image', 'other'] as const;
export type Task = (typeof tasks)[number];
