/** Drawn by us: nothing is fetched. All are decoration; what they mean is said by the button's name. */
import type { ReactNode } from 'react';

function icon(paths: ReactNode, box = 20) {
  return () => (
    <svg className="icon" viewBox={`0 0 ${box} ${box}`} aria-hidden="true" focusable="false">
      {paths}
    </svg>
  );
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

export const HashIcon = icon(<path {...line} d="M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13.5M3 12.5h13.5" />);
export const LockIcon = icon(
  <g {...line}>
    <rect x="4.5" y="9" width="11" height="7.5" rx="1.5" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </g>,
);
export const SmileIcon = icon(
  <g {...line}>
    <circle cx="10" cy="10" r="7" />
    <path d="M7 11.8c1.5 2 4.5 2 6 0M7.6 7.800v.01M12.4 7.800v.01" />
  </g>,
);
export const ReplyIcon = icon(
  <path {...line} d="M3.5 5.500a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.5 3v-3a2 2 0 0 1-2-2z" />,
);
export const MoreIcon = icon(
  <g fill="currentColor">
    <circle cx="4.5" cy="10" r="1.5" />
    <circle cx="10" cy="10" r="1.5" />
    <circle cx="15.5" cy="10" r="1.5" />
  </g>,
);
export const CloseIcon = icon(<path {...line} d="m5 5 10 10M15 5 5 15" />);
export const BackIcon = icon(<path {...line} d="M12 4 6 10l6 6" />);
export const SendIcon = icon(
  <path fill="currentColor" d="M3 16.8 17.5 10 3 3.200l1.2 5.6 6.3 1.2-6.3 1.200z" />,
);
export const PlusIcon = icon(<path {...line} d="M10 4v12M4 10h12" />);
export const DownIcon = icon(<path {...line} d="m5 8 5 5 5-5" />);
export const SearchIcon = icon(
  <g {...line}>
    <circle cx="9" cy="9" r="5.5" />
    <path d="m13.2 13.2 3.8 3.8" />
  </g>,
);
export const CheckIcon = icon(<path {...line} strokeWidth={2.2} d="m4.5 10.5 4 4 7-8.5" />);
export const HomeIcon = icon(
  <path {...line} d="M3.5 9.5 10 4l6.5 5.500V16a.8.8 0 0 1-.8.8H12v-4.300H8v4.300H4.300a.8.8 0 0 1-.8-.8z" />,
);
export const FileIcon = icon(
  <path {...line} d="M6 3h5l4 4v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 3v4h4" />,
);
export const EyeIcon = icon(
  <g {...line}>
    <path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5z" />
    <circle cx="10" cy="10" r="2.2" />
  </g>,
);
export const SunIcon = icon(
  <g {...line}>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.500v2M10 15.500v2M2.5 10h2M15.5 10h2M4.7 4.700l1.4 1.400M13.9 13.900l1.4 1.400M4.7 15.300l1.4-1.400M13.9 6.100l1.4-1.4" />
  </g>,
);
export const MoonIcon = icon(
  <path {...line} d="M16.5 11.800A6.8 6.8 0 0 1 8.2 3.500a6.8 6.8 0 1 0 8.3 8.300z" />,
);
export const GuideIcon = icon(
  <g {...line}>
    <circle cx="10" cy="10" r="7" />
    <path d="m12.8 7.2-1.5 4.1-4.1 1.5 1.5-4.100z" />
  </g>,
);
export const StopIcon = icon(<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor" />);
/** The app's own mark: three things in a line, one of them taken up. */
export const Mark = icon(
  <g>
    <rect x="3" y="3.5" width="14" height="3.6" rx="1.8" fill="#ff8a5c" />
    <rect x="3" y="8.3" width="10" height="3.6" rx="1.8" fill="#ffd166" />
    <rect x="3" y="13.1" width="6" height="3.6" rx="1.8" fill="#4fd1a5" />
    <path {...line} stroke="#fff" strokeWidth={1.9} d="m11.5 14.9 1.9 1.9 3.6-4" />
  </g>,
);
