import { UserError } from '../core/errors.ts';
import { readInput } from '../files/read.ts';
import { text, yesNo } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** Encodes a file as one line of base64, or decodes it. `SPACELIFT_POOL_PRIVATE_KEY` is a key file in this form. */
export const encoding = inquiry({
  inputs: {
    file: text({
      summary: 'File to read; - is standard input',
      default: '-',
      asked: false,
      positional: true,
      parse: (file) => file,
    }),
    decode: yesNo({ summary: 'Decode base64 strictly: anything else is an error' }),
  },
  async run({ file, decode }): Promise<Uint8Array> {
    const bytes = await readInput(file);
    if (bytes.length === 0) {
      throw new UserError('SPACECTL_BAD_DATA', `${file === '-' ? 'Standard input' : file} is empty`);
    }
    return decode ? decodeBase64(bytes) : Buffer.from(encodeBase64(bytes));
  },
});
