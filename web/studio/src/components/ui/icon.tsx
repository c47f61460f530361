/** Line drawings on a grid of 20, in the colour of the text. */
const drawings = {
  create: 'M10 3v14M3 10h14',
  gallery: 'M3 4h6v6H3zM11 4h6v4h-6zM11 10h6v6h-6zM3 12h6v4H3z',
  usage: 'M3 17V9m5 8V3m5 14v-6m4 6V6',
  account: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 17a6.5 6.5 0 0 1 13 0',
  billing: 'M2.5 5h15v10h-15zM2.5 8.5h15M5.5 12h3',
  download: 'M10 3v9m0 0 4-4m-4 4L6 8M4 16h12',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4 10.5 4 4 8-9',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  alert: 'M10 3 2.5 16.5h15zM10 8v4m0 2.2v.1',
  offline: 'M3 3l14 14M6.5 11.5a5 5 0 0 1 3.5-1.4M3.5 8.3a9 9 0 0 1 3-2M9.5 5.3a9 9 0 0 1 7 3M10 15.5v.1',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l1 11h7l1-11M8.5 9v5m3-5v5',
  restore: 'M4 9a6 6 0 1 1 1.5 5M4 4v5h5',
  document: 'M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5m-5 3.5h5',
  link: 'M8 12l4-4M7 9l-2 2a3 3 0 0 0 4 4l2-2m2-2 2-2a3 3 0 0 0-4-4l-2 2',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-4V9.5m0-2.6v.1',
  left: 'm12 4-6 6 6 6',
  right: 'm8 4 6 6-6 6',
  history: 'M10 6v4l3 2M3.5 10a6.5 6.5 0 1 0 2-4.7L3.5 7m0-3v3h3',
  image: 'M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 3M13 7.5v.1',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  dice: 'M4 4h12v12H4zM7.5 7.5v.1m5 4.9v.1m0-5.1v.1m-5 4.9v.1M10 10v.1',
  menu: 'M3 6h14M3 10h14M3 14h14',
} as const;

export type IconName = keyof typeof drawings;

/** Decorative: what it means is said by the text or the label beside it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="shrink-0"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
