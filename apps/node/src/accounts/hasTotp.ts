import { sql } from 'drizzle-orm';

/** Whether a second factor is asked of a user, as SQL over `users`. */
export const hasTotp = sql<boolean>`EXISTS (SELECT 1 FROM totp_secrets t WHERE t.user_id = users.user_id AND t.enabled_at IS NOT NULL)`;
