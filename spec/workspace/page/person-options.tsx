/** Everybody in the workspace, as entries of a select. */
import { useShow } from './show.tsx';

export function PersonOptions() {
  const { state } = useShow();
  return state.people
    .filter(({ isBot }) => !isBot)
    .map(({ id, realName, part }) => (
      <option key={id} value={id}>
        {part === '' ? realName : `${realName} (${part})`}
      </option>
    ));
}
