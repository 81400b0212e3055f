/** Everybody in the workspace, as entries of a select. */
import { useAround } from './show.tsx';

export function PersonOptions() {
  const { people } = useAround();
  return people
    .filter(({ isBot }) => !isBot)
    .map(({ id, realName, part }) => (
      <option key={id} value={id}>
        {part === '' ? realName : `${realName} (${part})`}
      </option>
    ));
}
