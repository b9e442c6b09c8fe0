// Draws what a terminal shows as SVG: text with SGR sequences in, a picture of a terminal window out.

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
 * @param {string} screen lines as `tmux capture-pane -e -p` prints them
 * @param {{ title: string, columns: number }} window
 * @returns {string} an SVG document
 */
export function ansiToSvg(screen, { title, columns }) {
  const lines = screen.replace(/\n+$/, '').split('\n');
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN.side);
  const height = lines.length * CELL.height + MARGIN.top + MARGIN.bottom;
  let style = {};
  const drawn = lines.map((line, row) => {
    const { runs, end } = runsOf(line, style);
    style = end;
    return runs.map((run) => drawRun(run, row)).join('');
  });
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => {
    return `<circle cx="${20 + index * 18}" cy="20" r="6" fill="${fill}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>
${dots.join('')}
<text x="${width / 2}" y="25" text-anchor="middle" font-family="sans-serif" font-size="13" fill="#8b93a1">${escapeXml(title)}</text>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${CELL.font}" fill="${FOREGROUND}" xml:space="preserve">
${drawn.filter(Boolean).join('\n')}
</g>
</svg>
`;
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

/** Its length in cells is given, so that columns line up whatever font the reader has. */
function drawRun({ text, column, style: { colour, bold, dim } }, row) {
  const start = text.length - text.trimStart().length;
  const word = text.trim();
  const x = (MARGIN.side + (column + start) * CELL.width).toFixed(1);
  const y = MARGIN.top + row * CELL.height + CELL.font;
  const attributes = [
    colour && ` fill="${colour}"`,
    bold && ' font-weight="bold"',
    dim && ' opacity="0.6"',
    ` textLength="${([...word].length * CELL.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`,
  ];
  return `<text x="${x}" y="${y}"${attributes.filter(Boolean).join('')}>${escapeXml(word)}</text>`;
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
