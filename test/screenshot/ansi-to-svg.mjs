// Draws what a terminal shows as SVG: text with SGR sequences in, a terminal window out.

const ESCAPE = '\u001b';
/** Select Graphic Rendition, kept when a line is split at it. */
const SEQUENCE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);

const CELL = { width: 8.4, height: 18, font: 14 };
const MARGIN = { side: 16, top: 44, bottom: 16 };
const BACKGROUND = '#1b1f27';
const FOREGROUND = '#d7dae0';
/** The sixteen colours of a terminal: dark, then bright. */
const PALETTE = [
  ...['#3b4252', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
  ...['#6b7280', '#ff7b86', '#b5e890', '#ffd68a', '#82c4ff', '#de9bf0', '#7fd6e0', '#ffffff'],
];

/**
 * Shows screens one after the other, in a loop. Who wants no motion, and a reader that does not know animations, gets the
 * last one.
 * @param {{ screen: string, seconds: number }[]} frames screens as `tmux capture-pane -e -p` prints them
 * @param {{ title: string, columns: number, rows: number }} window
 * @returns {string} an SVG document
 */
export function recordingToSvg(frames, { title, columns, rows }) {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN.side);
  const height = rows * CELL.height + MARGIN.top + MARGIN.bottom;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => {
    return `<circle cx="${20 + index * 18}" cy="20" r="6" fill="${fill}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
<style>
${animation(frames.map(({ seconds }) => seconds))}
</style>
<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>
${dots.join('')}
<text x="${width / 2}" y="25" text-anchor="middle" font-family="sans-serif" font-size="13" fill="#8b93a1">${escapeXml(title)}</text>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${CELL.font}" fill="${FOREGROUND}">
${frames.map(({ screen }, index) => `<g class="frame" id="frame${index}">\n${drawScreen(screen)}\n</g>`).join('\n')}
</g>
</svg>
`;
}

/** Shows each frame for its seconds and hides it for the rest of the loop. */
function animation(seconds) {
  const until = (count) => seconds.slice(0, count).reduce((sum, each) => sum + each, 0);
  const total = until(seconds.length);
  const percent = (time) => `${((100 * time) / total).toFixed(2)}%`;
  const frames = seconds.map((_, index) => {
    const [from, to] = [percent(until(index)), percent(until(index + 1))];
    const before = index === 0 ? '' : '0% { visibility: hidden } ';
    const after = index === seconds.length - 1 ? '' : ` ${to} { visibility: hidden }`;
    return `#frame${index} { animation-name: show${index} }
@keyframes show${index} { ${before}${from} { visibility: visible }${after} }`;
  });
  return `.frame { visibility: hidden; animation: ${total}s step-end infinite }
${frames.join('\n')}
#frame${seconds.length - 1} { visibility: visible }
@media (prefers-reduced-motion: reduce) { .frame { animation: none !important } }`;
}

/** Draws the lines of a screen. */
function drawScreen(screen) {
  let style = {};
  const drawn = screen.split('\n').map((line, row) => {
    const { runs, end } = runsOf(line, style);
    style = end;
    return runs.map((run) => drawRun(run, row)).join('');
  });
  return drawn.filter(Boolean).join('\n');
}

/** Parts of a line that look alike, with the column each begins at; and the style that goes on into the next line. */
function runsOf(line, style) {
  const runs = [];
  let current = style;
  let column = 0;
  for (const part of line.split(SEQUENCE)) {
    if (part.startsWith(ESCAPE)) current = restyle(current, part.slice(2, -1).split(';').map(Number));
    else if (part !== '') {
      if (part.trim() !== '') runs.push({ text: part, column, style: current });
      column += [...part].length;
    }
  }
  return { runs, end: current };
}

/** Applies one SGR sequence (ECMA-48, 8.3.117). */
function restyle(style, codes) {
  let next = { ...style };
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 39) next.colour = undefined;
    else if (code >= 30 && code <= 37) next.colour = PALETTE[code - 30];
    else if (code >= 90 && code <= 97) next.colour = PALETTE[code - 90 + 8];
    else if (code === 38 && codes[index + 1] === 5) {
      next.colour = PALETTE[codes[index + 2]];
      index += 2;
    }
  }
  return next;
}

/**
 * Draws text that looks alike. Its length in cells is given, so that columns line up in any font; what stands behind two
 * spaces is placed by itself, as SVG readers take several spaces for one.
 */
function drawRun({ text, column, style: { colour, bold, dim } }, row) {
  const y = MARGIN.top + row * CELL.height + CELL.font;
  const look = [colour && ` fill="${colour}"`, bold && ' font-weight="bold"', dim && ' opacity="0.6"'];
  const drawn = [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
    const x = (MARGIN.side + (column + index) * CELL.width).toFixed(1);
    const length = ([...words].length * CELL.width).toFixed(1);
    return `<text x="${x}" y="${y}"${look.filter(Boolean).join('')} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escapeXml(words)}</text>`;
  });
  return drawn.join('');
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
