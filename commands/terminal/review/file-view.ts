import { printable } from '../printable.ts';
import { fitText, type View } from '../screen/view.ts';
import { style } from '../style.ts';

/** Shows a file, page by page, until the person leaves it. */
export function fileView(name: string, text: string): View<true> {
  const lines = text.replace(/\n$/, '').split('\n');
  let first = 0;
  let page = 1;
  return {
    draw: ({ columns, rows }) => {
      page = Math.max(1, rows - 3);
      first = Math.max(0, Math.min(first, lines.length - page));
      const shown = lines.slice(first, first + page).map((line) => fitText(printable(line), columns - 1));
      const range = `${first + 1}-${first + shown.length} of ${lines.length}`;
      return {
        lines: [
          fitText(style.bold(printable(name)), columns - 1),
          ...shown,
          style.dim(`${range} · ↑↓ scroll · Esc goes back`),
        ],
      };
    },
    press: ({ name: key }) => {
      if (key === 'up' || key === 'k') first--;
      if (key === 'down' || key === 'j') first++;
      if (key === 'pageup') first -= page;
      if (key === 'pagedown' || key === ' ') first += page;
      return key === 'return' || key === 'q' || key === 'left' ? true : undefined;
    },
  };
}
