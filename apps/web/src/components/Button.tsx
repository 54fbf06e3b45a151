import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, JSX } from 'react';
import { Link, type LinkProps } from 'react-router';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  secondary: 'bg-surface text-text border-line-strong/60 hover:border-line-strong hover:bg-bg',
  quiet: 'border-transparent text-muted hover:text-text hover:bg-line/50',
  danger: 'bg-surface text-bad border-bad/50 hover:bg-bad-soft',
};

const base = 'inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-md border font-medium transition-colors disabled:opacity-55 disabled:cursor-not-allowed';

function className(look: Look, size: 'medium' | 'small', extra = ''): string {
  return `${base} ${looks[look]} ${size === 'small' ? 'h-8 px-2.5 text-sm' : 'h-9 px-4 text-base'} ${extra}`;
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; size?: 'medium' | 'small'; busy?: boolean };

/** A button; while `busy` it turns and takes no clicks, and keeps its size. */
export function Button({ look = 'secondary', size = 'medium', busy = false, className: extra, disabled, children, type = 'button', ...rest }: ButtonProps): JSX.Element {
  return (
    <button type={type} className={className(look, size, extra)} disabled={disabled === true || busy} aria-busy={busy || undefined} {...rest}>
      {busy && <LoaderCircle size={14} className="animate-spin" aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look = 'secondary', size = 'medium', className: extra, ...rest }: LinkProps & { look?: Look; size?: 'medium' | 'small'; className?: string }): JSX.Element {
  return <Link className={className(look, size, extra)} {...rest} />;
}
