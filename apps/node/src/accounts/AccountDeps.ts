import type { SignInMethod } from '@neurodata/protocol';
import type { Log } from '../common/logger.ts';
import type { Database } from '../db/openDatabase.ts';
import type { PasswordHasher } from './createPasswordHasher.ts';
import type { KeyRing } from './createKeyRing.ts';
import type { SecretBox } from './createSecretBox.ts';
import type { Mailer } from './Mailer.ts';

/** What the parts of the room work with. */
export type AccountDeps = {
  db: Database;
  log: Log;
  hasher: PasswordHasher;
  keys: KeyRing;
  /** For secrets that are read again. */
  box: SecretBox;
  /** None: nobody can register by e-mail. */
  mailer?: Mailer;
  /** Where people open the site, e.g. `https://market.example`; links in mails begin with it. */
  siteUrl: () => string;
  /** Whose address is made an admin when it is confirmed. */
  firstAdmin?: string;
  /** A file of leaked passwords' digests; see `isInLeakFile`. */
  leakedPasswords?: string;
  /** Unix seconds. */
  now: () => number;
  /** How often an unknown caller may try; see `limits.ts`. */
  limitFactor?: number;
  /** Tells users what concerns their security. */
  tell?: (notice: SecurityNotice) => Promise<void>;
  /** Told of each session that is opened. */
  onSignIn?: (method: SignInMethod) => void;
  /** Does work after the answer, so that its length tells nothing. */
  later: (work: () => Promise<void>) => void;
};

export type SecurityNotice = { kind: 'security.sign_in' | 'security.password' | 'security.key'; eventId: string; title: string; text: string; link: string; at: number; userIds: string[]; /** A mail says so already. */ mailed?: boolean };

/** Who calls, as the door saw it. */
export type Caller = {
  /** IP address. */
  address: string;
  /** What the program calls itself. */
  agent: string;
};
