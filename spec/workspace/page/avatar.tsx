/** Initials in a colour of their own; the app has its mark. */
import { Mark } from './icons.tsx';

const COLOURS = 8;

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly isBot?: boolean;
  readonly isSmall?: boolean;
}

export function Avatar({ id, name, isBot = false, isSmall = false }: AvatarProps) {
  const size = isSmall ? 'avatar avatar-small' : 'avatar';
  if (isBot) {
    return (
      <span className={`${size} avatar-app`} aria-hidden="true">
        <Mark />
      </span>
    );
  }
  return (
    <span className={`${size} avatar-${colourOf(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function colourOf(id: string): number {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  const [first = '?', ...rest] = words;
  const last = rest.at(-1);
  return `${initial(first)}${last === undefined ? '' : initial(last)}`.toUpperCase();
}

/** The first character, whole. */
function initial(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) ?? 0x3f);
}
