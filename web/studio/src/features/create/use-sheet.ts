import { useState } from 'react';

const kept = 'pingvas.sheet';

/** On phones the composer is a sheet over the results; this browser remembers whether it was high or low. */
export function useSheet(): { open: boolean; toggle: () => void } {
  const [open, setOpen] = useState(() => localStorage.getItem(kept) === 'open');
  const toggle = () => {
    localStorage.setItem(kept, open ? 'closed' : 'open');
    setOpen(!open);
  };
  return { open, toggle };
}
