import { encode } from 'uqr';

/** Always dark on light, whatever the theme: cameras expect that. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-44 justify-self-center rounded-md"
      style={{ background: 'white' }}
    >
      <path d={path} fill="black" />
    </svg>
  );
}
