export type Mail = { to: string; subject: string; text: string };

/** Delivers a mail, or gives up; at once where `signal` aborts. */
export type Mailer = { send(mail: Mail, signal?: AbortSignal): Promise<void> };
