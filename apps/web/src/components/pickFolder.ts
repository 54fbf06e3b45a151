/** Of browsers that let a page write into a folder (https://wicg.github.io/file-system-access/). */
type Picker = (options: { id: string; mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;

const { showDirectoryPicker: picker } = globalThis as { showDirectoryPicker?: Picker };

/** Whether this browser lets its user choose a folder to write into. */
export const canPickFolder = picker !== undefined;

/** The folder that was chosen; undefined where somebody thought better of it. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await picker?.({ id: 'neurodata', mode: 'readwrite' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}
