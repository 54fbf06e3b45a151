import { hasMagic } from './magic.ts';

type Forbidden = { reason: string; remedy: string };

const PROGRAM: Forbidden = { reason: 'The file is a program.', remedy: 'Publish data or a model: programs are neither.' };
const PICKLE: Forbidden = { reason: 'The file is a Python pickle: opening one runs whatever its maker put into it.', remedy: 'Save a model as safetensors or ONNX, a table as CSV or Parquet.' };
const SPREADSHEET: Forbidden = { reason: 'The file is a spreadsheet or an office document, which may hold formulas and macros.', remedy: 'Export the sheet as CSV.' };
const PACKED: Forbidden = { reason: 'The file is packed in a way that is not read here.', remedy: 'Unpack it, or pack it as zip or tar.gz.' };

/** Beginnings of what is refused, whatever its name. */
const marks: readonly [mark: string | readonly number[], forbidden: Forbidden][] = [
  ['\x7fELF', PROGRAM], ['#!', PROGRAM], ['\0asm', PROGRAM], ['!<arch>\n', PROGRAM],
  [[0xfe, 0xed, 0xfa, 0xce], PROGRAM], [[0xfe, 0xed, 0xfa, 0xcf], PROGRAM], [[0xce, 0xfa, 0xed, 0xfe], PROGRAM], [[0xcf, 0xfa, 0xed, 0xfe], PROGRAM],
  // Mach-O for several processors, and Java classes.
  [[0xca, 0xfe, 0xba, 0xbe], PROGRAM], [[0xbe, 0xba, 0xfe, 0xca], PROGRAM],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], SPREADSHEET],
  ['7z\xbc\xaf\x27\x1c', PACKED], ['Rar!\x1a\x07', PACKED], ['\xfd7zXZ\0', PACKED], [[0x28, 0xb5, 0x2f, 0xfd], PACKED], ['BZh', PACKED], [[0x04, 0x22, 0x4d, 0x18], PACKED],
  ['SQLite format 3\0', { reason: 'The file is an SQLite database.', remedy: 'Export its tables as CSV or Parquet.' }],
  ['\x89HDF\r\n\x1a\n', { reason: 'The file is HDF5, which may hold more than numbers.', remedy: 'Save a model as ONNX or safetensors, a table as Parquet.' }],
  ['%PDF-', { reason: 'The file is a PDF document.', remedy: 'Publish the table behind it as CSV, or texts in an archive.' }],
  ['\x93NUMPY', { reason: 'The file is a numpy array, which may hold pickles.', remedy: 'Save it as Parquet, Arrow or CSV.' }],
];

/** Why a file is refused that begins so, and what to do; undefined where nothing of that is known. `tail`: its last bytes. */
export function findForbidden(head: Uint8Array, tail: Uint8Array = head): Forbidden | undefined {
  if (isPickle(head, tail)) return PICKLE;
  if (isWindowsProgram(head)) return PROGRAM;
  return marks.find(([mark]) => hasMagic(head, mark) && (mark !== 'BZh' || isBzip(head)))?.[1];
}

/** Why an archive is refused for an entry of this name: what torch and office programs put into their zip files. */
export function findForbiddenEntry(name: string): Forbidden | undefined {
  if (/(^|\/)data\.pkl$|\.(pkl|pickle|pt|pth|ckpt|joblib|npy|npz)$/i.test(name)) return { ...PICKLE, reason: `The archive holds ${JSON.stringify(name)}, a Python pickle or what may hold one: opening it runs whatever its maker put into it.` };
  if (/^\[Content_Types\]\.xml$|^xl\/|^content\.xml$|^word\/|^ppt\//i.test(name)) return SPREADSHEET;
  if (/^META-INF\/MANIFEST\.MF$|\.class$/.test(name)) return PROGRAM;
  return undefined;
}

/** The stub for DOS says where the real header stands; texts that begin with MZ have no such thing. */
function isWindowsProgram(head: Uint8Array): boolean {
  if (!hasMagic(head, 'MZ') || head.length < 64) return false;
  const at = new DataView(head.buffer, head.byteOffset).getUint32(0x3c, true);
  return hasMagic(head, 'PE\0\0', at) || (head.subarray(0, 64).includes(0) && at >= 64 && at < 0x10000);
}

function isBzip(head: Uint8Array): boolean {
  return hasMagic(head, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4);
}

/** Protocol 2 and later begin with its number; older ones are texts of operations that end with a full stop. Source: Python's `pickletools`. */
function isPickle(head: Uint8Array, tail: Uint8Array): boolean {
  const protocol = head[1] ?? 0;
  if (head[0] === 0x80 && protocol >= 2 && protocol <= 5) return true;
  if (tail.at(-1) !== 0x2e) return false;
  const text = new TextDecoder('latin1').decode(head.subarray(0, 200));
  return /^(\(?[lpdti]+p?\d+\n|\((dp|lp|i)\d*\n|c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n(\(|\)|p\d|q[\0-\xff])|[\]})]q[\0-\xff])/.test(text);
}
