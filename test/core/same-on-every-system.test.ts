import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathFromLock, pathInLock } from '../../src/ca-bundle/lock/lock.ts';
import { gzip } from '../../src/core/compression.ts';
import { portablePath } from '../../src/core/portable-path.ts';
import { secretsToStore } from '../../src/render/cloud/secrets.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const names = fc.array(name, { minLength: 1, maxLength: 4 });

test('a lock file has the same paths, whichever system writes it, and each system finds the file again', () => {
  fc.assert(
    fc.property(names, names, (lock, given) => {
      const onLinux = pathInLock(given.join('/'), [...lock, 'x.lock.json'].join('/'), path.posix);
      const onWindows = pathInLock(given.join('\\'), [...lock, 'x.lock.json'].join('\\'), path.win32);
      expect(onWindows).toBe(onLinux);
      expect(pathFromLock(onLinux, [...lock, 'x.lock.json'].join('/'))).toBe(given.join('/'));
      expect(path.win32.join(...lock, onWindows)).toBe(given.join('\\'));
    }),
  );
});

test('a backslash stays where it is a character of a name', () => {
  expect(portablePath('a\\b', '/')).toBe('a\\b');
  expect(portablePath('C:\\work\\ca.pem', '\\')).toBe('C:/work/ca.pem');
});

test('compressed data names no system in its header', () => {
  const bytes = Buffer.from('text '.repeat(100));
  for (const memLevel of [5, 8]) {
    const packed = gzip(bytes, { memLevel });
    expect(gunzipSync(packed)).toEqual(bytes);
    expect(packed.subarray(0, 10).toString('hex')).toBe('1f8b0800000000000203');
  }
});

test('commands that a README repeats are for bash, also where it is written on Windows', () => {
  const [token, key] = secretsToStore({ isCreated: false } as never, 'my pool');
  expect(token?.command).toBe("cat 'my pool/worker-pool.config'");
  expect(key?.command).toBe("spacectl keypair encode 'my pool/spacelift.key'");
});
